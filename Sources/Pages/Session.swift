import Contracts
import Crypto
import HTTPListener
import HTTPTypes
package import Hummingbird

/// A secret that we make and hand out once: a session's, a sign-in link's, a token's. Only its hash is kept.
package struct HandedSecret: Sendable {
    /// 256 random bits in hexadecimal.
    package let text: String

    package init() {
        var generator = SystemRandomNumberGenerator()
        text = Self.hex((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// One that came back; `nil` for what is none of ours.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ HexDigit.value($0) != nil }) else { return nil }
        self.text = text.lowercased()
    }

    /// What is stored in its place.
    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// The token that every form of a session carries: only who has the session can know it, and it says nothing
    /// about the session's own secret.
    package var csrf: String { Self.hex(Array(SHA256.hash(data: Array("csrf of ".utf8) + Array(text.utf8)))) }

    /// Takes the same time wherever the two differ.
    package func matches(csrf given: String?) -> Bool {
        let (given, own) = (Array((given ?? "").utf8), Array(csrf.utf8))
        guard given.count == own.count else { return false }
        return zip(given, own).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}

/// A cookie of one room's.
///
/// It goes over TLS alone, with one exception: where a browser asks this very host by a loopback name, nothing leaves
/// the machine, and some browsers would not send it otherwise.
private struct RoomCookie: Sendable {
    var name: String
    var path: String

    /// All values that it has: a browser may send several, for several paths.
    func values(in request: Request) -> [Substring] {
        request.headers[values: .cookie].filter { $0.utf8.count <= 8192 }.flatMap { field in
            field.split(separator: ";").compactMap { pair in
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                return parts.count == 2 && parts[0] == name ? parts[1] : nil
            }
        }
    }

    func setting(_ value: String, for lifetime: Duration, in request: Request) -> HTTPField {
        HTTPField(
            name: .setCookie,
            value: "\(name)=\(value); Max-Age=\(lifetime.components.seconds); \(attributes(request))")
    }

    func removing(in request: Request) -> HTTPField {
        HTTPField(name: .setCookie, value: "\(name)=; Max-Age=0; \(attributes(request))")
    }

    private func attributes(_ request: Request) -> String {
        let secure = SessionCookie.isLoopback(request.head.authority ?? "") ? "" : "; Secure"
        return "Path=\(path); HttpOnly; SameSite=Lax\(secure)"
    }
}

/// The cookie that holds a session's secret.
package struct SessionCookie: Sendable {
    package static let lifetime = Duration.seconds(12 * 3600)

    private let cookie: RoomCookie

    package init(_ room: PageFrame.Room) {
        cookie = RoomCookie(name: "intake_\(room.rawValue)", path: "/\(room.rawValue)")
    }

    package func secret(in request: Request) -> HandedSecret? {
        cookie.values(in: request).lazy.compactMap { HandedSecret($0) }.first
    }

    package func setting(_ secret: HandedSecret, for request: Request) -> HTTPFields {
        [.setCookie: cookie.setting(secret.text, for: Self.lifetime, in: request).value]
    }

    package func removing(for request: Request) -> HTTPFields { [.setCookie: cookie.removing(in: request).value] }

    static func isLoopback(_ authority: String) -> Bool {
        guard authority.utf8.count <= 255 else { return false }
        var host = authority.lowercased()[...]
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") { host = host[..<colon] }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4 = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8(foreign: $0) != nil }
        return isIPv4 || host == "localhost" || host == "[::1]"
    }
}

/// The cookie of somebody who is on the way to an identity provider and back. Browsers send it with the answer, which
/// is a page that they go to (`SameSite=Lax`).
package struct AttemptCookie: Sendable {
    private let cookie: RoomCookie

    package init(_ room: PageFrame.Room) {
        cookie = RoomCookie(name: "intake_\(room.rawValue)_attempt", path: "/\(room.rawValue)/sign-in")
    }

    package func value(in request: Request) -> String? { cookie.values(in: request).first.map(String.init) }

    package func setting(_ value: String, for lifetime: Duration, in request: Request) -> HTTPField {
        cookie.setting(value, for: lifetime, in: request)
    }

    package func removing(in request: Request) -> HTTPField { cookie.removing(in: request) }
}

/// Whether a browser sends a change for a page of another site (RFC 6454, section 7; W3C Fetch Metadata). What is no
/// browser sends neither field, and has no cookie that it did not take itself.
package enum ForeignPage {
    package static func sends(_ request: Request) -> Bool {
        if let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!],
            !["same-origin", "none"].contains(where: { site.isSame(as: $0) })
        {
            return true
        }
        guard let origin = request.headers[.origin] else { return false }
        let authority = request.head.authority ?? ""
        return !["http://", "https://"].contains { origin.isSame(as: $0 + authority) }
    }
}
