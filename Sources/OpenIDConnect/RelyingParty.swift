import Contracts
package import NIOCore
package import ServiceRuntime
import Synchronization

package import struct Foundation.Date

/// What is agreed with a provider.
package struct ClientRegistration: Sendable, Equatable {
    /// Its name for itself, where its document is found.
    package var issuer: String
    package var clientID: String
    /// `nil` for a public client: the code's verifier alone shows that it is us.
    package var secret: Secret?
    package var scopes: [String]

    package init(issuer: String, clientID: String, secret: Secret?, scopes: [String]) {
        self.issuer = issuer
        self.clientID = clientID
        self.secret = secret
        self.scopes = scopes
    }
}

/// Signs people in by an OpenID provider, by the authorization code flow with PKCE (OpenID Connect Core 1.0, section
/// 3.1; RFC 7636).
///
/// The provider's document and keys are kept for an hour. Keys are asked for anew when a token names one that is not
/// among them (Core, section 10.1.1), every half minute at most; a provider that does not answer is left alone for some
/// seconds. So many are signed in at once, and so many may fail: whoever plays with answers makes us ask the provider,
/// too.
package final class RelyingParty: Sendable {
    private struct Cache {
        var metadata: (value: ProviderMetadata, at: Date)?
        var keys: (value: KeySet, at: Date)?
        var failure: (value: OpenIDFailure, at: Date)?
        var underWay = 0
        var failures: [Date] = []
    }

    static let freshness = 3600.0
    static let keyPause = 30.0
    static let failurePause = 5.0
    static let mostAtOnce = 16
    /// In a minute.
    static let mostFailures = 60

    private let registration: ClientRegistration
    private let exchange: ProviderExchange
    private let now: @Sendable () -> Date
    private let cache = Mutex(Cache())

    /// - Parameter timeout: of one exchange; a sign-in takes four at most.
    package init(
        _ registration: ClientRegistration, timeout: TimeAmount = .seconds(5), now: @escaping @Sendable () -> Date
    ) {
        self.registration = registration
        exchange = ProviderExchange(timeout: timeout)
        self.now = now
    }

    /// Where a browser is sent (Core, section 3.1.2.1).
    /// - Parameter redirect: where it comes back to, as the provider knows it.
    package func authorization(
        for attempt: SignInAttempt, redirect: String
    ) async throws(OpenIDFailure) -> String {
        let metadata = try await counted { () async throws(OpenIDFailure) -> ProviderMetadata in
            try await self.metadata()
        }
        return ProviderAddress.adding(
            [
                ("response_type", "code"), ("client_id", registration.clientID), ("redirect_uri", redirect),
                ("scope", registration.scopes.joined(separator: " ")), ("state", attempt.state),
                ("nonce", attempt.nonce), ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
            ], to: metadata.authorizationEndpoint)
    }

    /// What the provider says of whoever came back with a code.
    /// - Parameters:
    ///   - issuer: as the answer named it (RFC 9207).
    ///   - names: claims that are wanted; what the ID token lacks is asked of the provider (Core, section 5.3).
    package func claims(
        code: String, for attempt: SignInAttempt, redirect: String, issuer: String?, wanting names: Set<String>
    ) async throws(OpenIDFailure) -> Claims {
        try await counted { () async throws(OpenIDFailure) -> Claims in
            let metadata = try await self.metadata()
            guard issuer == registration.issuer || (issuer == nil && !metadata.namesItself) else {
                throw .token(.issuer)
            }
            let answer = try await redeem(code, attempt, redirect, metadata)
            var claims = try await verified(answer.idToken, attempt, metadata)
            if let endpoint = metadata.userInfoEndpoint, let token = answer.accessToken,
                names.contains(where: { claims[[$0]] == nil })
            {
                let bytes = try await exchange.get(endpoint, token: token, upTo: Self.longestAnswer)
                guard let more = JSONObject.strict(bytes) else { throw .answer(.notJSON) }
                // Core, section 5.3.2: otherwise they may be anybody's.
                guard more.text("sub", upTo: 255) == claims.subject else { throw .answer(.anotherSubject) }
                claims.add(more)
            }
            return claims
        }
    }

    /// Where somebody signs out of the provider as well; `nil` as long as it is not known.
    package var signOut: String? {
        guard let metadata = cache.withLock({ $0.metadata?.value }), let endpoint = metadata.endSessionEndpoint else {
            return nil
        }
        return ProviderAddress.adding([("client_id", registration.clientID)], to: endpoint)
    }

    // MARK: What is counted

    /// Runs what asks the provider, unless too much does already.
    private func counted<Result: Sendable>(
        _ body: () async throws(OpenIDFailure) -> Result
    ) async throws(OpenIDFailure) -> Result {
        let moment = now()
        let mayGo = cache.withLock { cache in
            cache.failures.removeAll { !(0..<60).contains(moment.timeIntervalSince($0)) }
            guard cache.underWay < Self.mostAtOnce, cache.failures.count < Self.mostFailures else { return false }
            cache.underWay += 1
            return true
        }
        guard mayGo else { throw .busy }
        defer { cache.withLock { $0.underWay -= 1 } }
        do throws(OpenIDFailure) { return try await body() } catch {
            cache.withLock { $0.failures.append(moment) }
            throw error
        }
    }

    private func isFresh(_ at: Date, _ seconds: Double) -> Bool { (0..<seconds).contains(now().timeIntervalSince(at)) }

    // MARK: What is kept

    private func metadata() async throws(OpenIDFailure) -> ProviderMetadata {
        let (kept, failure) = cache.withLock { ($0.metadata, $0.failure) }
        if let kept, isFresh(kept.at, Self.freshness) { return kept.value }
        if let failure, isFresh(failure.at, Self.failurePause) { throw failure.value }
        do throws(OpenIDFailure) {
            let address = ProviderMetadata.address(of: registration.issuer)
            let bytes = try await exchange.get(address, upTo: ProviderMetadata.longest)
            let metadata = try ProviderMetadata.parse(bytes, issuer: registration.issuer)
            let moment = now()
            cache.withLock {
                $0.metadata = (metadata, moment)
                $0.failure = nil
            }
            return metadata
        } catch {
            let moment = now()
            cache.withLock { $0.failure = (error, moment) }
            throw error
        }
    }

    /// - Parameter age: how old they may be, seconds.
    private func keys(_ metadata: ProviderMetadata, newerThan age: Double) async throws(OpenIDFailure) -> KeySet {
        if let kept = cache.withLock({ $0.keys }), isFresh(kept.at, age) { return kept.value }
        let keys = try KeySet.parse(try await exchange.get(metadata.keys, upTo: KeySet.longest))
        let moment = now()
        cache.withLock { $0.keys = (keys, moment) }
        return keys
    }

    // MARK: The token

    private static let longestAnswer = 128 * 1024

    /// Exchanges the code (Core, section 3.1.3; RFC 6749, section 4.1.3).
    private func redeem(
        _ code: String, _ attempt: SignInAttempt, _ redirect: String, _ metadata: ProviderMetadata
    ) async throws(OpenIDFailure) -> (idToken: String, accessToken: String?) {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", attempt.verifier),
        ]
        var basic: (String, String)?
        switch (registration.secret, metadata.authentication) {
        case (let secret?, .basic): basic = (registration.clientID, secret.revealed)
        case (let secret?, .post):
            fields += [("client_id", registration.clientID), ("client_secret", secret.revealed)]
        case (nil, _): fields.append(("client_id", registration.clientID))
        }
        let (status, bytes) = try await exchange.post(
            metadata.tokenEndpoint, fields, basic: basic, upTo: Self.longestAnswer)
        let answer = JSONObject.strict(bytes)
        guard status == 200 else {
            guard (400...401).contains(status), let code = answer?.text("error") else { throw .status(status) }
            throw .refused(OpenIDFailure.code(code))
        }
        guard let answer else { throw .answer(.notJSON) }
        guard let token = answer.text("id_token", upTo: IDTokenVerifier.longest) else { throw .answer(.noToken) }
        let access = answer.text("access_token", upTo: 16384)
        return (token, access.flatMap { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? $0 : nil })
    }

    private func verified(
        _ token: String, _ attempt: SignInAttempt, _ metadata: ProviderMetadata
    ) async throws(OpenIDFailure) -> Claims {
        let verifier = IDTokenVerifier(
            issuer: registration.issuer, clientID: registration.clientID, nonce: attempt.nonce, now: now())
        let kept = try await keys(metadata, newerThan: Self.freshness)
        do throws(IDTokenFault) { return try await verifier.verify(token, by: kept) } catch {
            guard error == .unknownKey || error == .signature else { throw .token(error) }
        }
        // The provider may have changed its keys since.
        let keys = try await keys(metadata, newerThan: Self.keyPause)
        do throws(IDTokenFault) { return try await verifier.verify(token, by: keys) } catch { throw .token(error) }
    }
}
