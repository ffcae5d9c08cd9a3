package import Contracts
import JWTKit

import struct Foundation.Date

/// Verifies an ID token as it came from the token endpoint (OpenID Connect Core 1.0, section 3.1.3.7).
struct IDTokenVerifier: Sendable {
    /// Bytes.
    static let longest = 32 * 1024
    /// How far the provider's clock may be from ours.
    static let skew = 60.0
    /// How long before the token may have been made, seconds: it answers a sign-in of this very moment.
    static let age = 600.0

    var issuer: String
    var clientID: String
    var nonce: String
    var now: Date

    /// - Throws: `IDTokenFault`; `unknownKey` and `signature` may be over when the provider's keys are asked for anew.
    func verify(_ token: String, by keys: KeySet) async throws(IDTokenFault) -> Claims {
        let (header, payload) = try Self.parts(of: token)
        // RFC 7515, section 4.1.11: what must be understood and is not makes the token invalid.
        guard header["crit"] == nil else { throw .critical }
        // RFC 8725, section 3.11: no token of another kind is taken for one of these.
        guard header["typ"].map({ Self.isJWT($0) }) ?? true else { throw .malformed }
        guard let algorithm = header.text("alg", upTo: 16).flatMap(SigningAlgorithm.init) else { throw .algorithm }
        guard header["kid"] == nil || header.text("kid", upTo: 512) != nil else { throw .malformed }
        guard let key = keys.candidate(id: header.text("kid", upTo: 512), algorithm) else { throw .unknownKey }
        do {
            let collection = JWTKeyCollection()
            // The only key, for the only algorithm: what the header says chooses neither any more.
            try await collection.add(jwk: key.verifying(algorithm))
            _ = try await collection.verify(token, as: Unread.self)
        } catch { throw .signature }
        try check(payload)
        guard let subject = payload.text("sub", upTo: 255), !subject.isEmpty else { throw .claims }
        return Claims(subject: subject, [payload])
    }

    /// The claims are read by one reader, below: what jwt-kit would make of them does not count.
    private struct Unread: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    static func parts(of token: String) throws(IDTokenFault) -> (header: JSONObject, payload: JSONObject) {
        guard token.utf8.count <= longest else { throw .malformed }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]).flatMap(JSONObject.strict),
            let payload = Base64URL.decode(parts[1]).flatMap(JSONObject.strict), Base64URL.decode(parts[2]) != nil
        else { throw .malformed }
        return (header, payload)
    }

    private static func isJWT(_ type: JSONValue) -> Bool {
        guard case .string(let text) = type else { return false }
        return ["jwt", "application/jwt"].contains(text.lowercased())
    }

    func check(_ claims: JSONObject) throws(IDTokenFault) {
        // Item 2.
        guard claims.text("iss").map({ $0.utf8.elementsEqual(issuer.utf8) }) == true else { throw .issuer }
        // Items 3 to 5: it is for us, and where it is for others as well, it was us to whom it was given.
        let audience = claims.texts("aud") ?? claims.text("aud").map { [$0] } ?? []
        guard audience.contains(clientID) else { throw .audience }
        guard claims["azp"] == nil ? audience.count == 1 : claims.text("azp") == clientID else { throw .audience }
        // Items 9 and 10, and RFC 7519, section 4.1.5.
        let moment = now.timeIntervalSince1970
        guard let expires = try Self.time(claims["exp"]), let issued = try Self.time(claims["iat"]) else {
            throw .claims
        }
        guard moment < expires + Self.skew else { throw .expired }
        guard issued <= moment + Self.skew else { throw .early }
        guard moment <= issued + Self.age + Self.skew else { throw .old }
        if let start = try Self.time(claims["nbf"]), start > moment + Self.skew { throw .early }
        // Item 11: it answers the question that this browser asked.
        guard claims.text("nonce").map({ ConstantTime.isEqual($0, nonce) }) == true else { throw .nonce }
    }

    /// RFC 7519, section 2, "NumericDate"; `nil` when it is absent.
    private static func time(_ value: JSONValue?) throws(IDTokenFault) -> Double? {
        guard let value else { return nil }
        guard case .number(let text) = value, let seconds = Double(text), seconds.isFinite else { throw .claims }
        return seconds
    }
}

/// What a provider says of somebody.
package struct Claims: Sendable, Equatable {
    /// Who it is, among all that the issuer knows, now and later (OpenID Connect Core 1.0, section 5.7).
    package var subject: String
    /// Where a claim is looked for, in this order. The ID token was signed for us, so that it counts for more than what
    /// was asked for besides.
    private var objects: [JSONObject]

    package init(subject: String, _ objects: [JSONObject]) {
        self.subject = subject
        self.objects = objects
    }

    /// - Parameter path: names, from the outermost.
    package subscript(path: [String]) -> JSONValue? {
        guard let first = path.first, let found = objects.lazy.compactMap({ $0[first] }).first else { return nil }
        return path.dropFirst().reduce(found) { value, name in
            if case .object(let object)? = value { object[name] } else { nil }
        }
    }

    package func text(_ path: [String]) -> String? {
        if case .string(let text)? = self[path] { text } else { nil }
    }

    mutating func add(_ others: JSONObject) { objects.append(others) }
}

/// Comparisons that take the same time wherever two texts differ.
package enum ConstantTime {
    package static func isEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
