/// A sample callback, what came of it, and what Intake makes of that.
struct CallbackExchange: Sendable, Equatable, Codable {
    var provider: String
    var request: Request
    /// Every address that the host's name has.
    var addresses: [Address]
    /// The one that was asked; absent when none was, or a proxy.
    var address: String?
    var proxy: String?
    /// Absent without TLS.
    var tls: TLS?
    /// Absent when no answer came.
    var response: Response?
    var receipt: Receipt
    var durationMs: Int

    struct Request: Sendable, Equatable, Codable {
        var method: String
        var url: String
        var headers: [Header]
        var body: String?
    }

    struct Header: Sendable, Equatable, Codable {
        var name: String
        var value: String
    }

    struct Address: Sendable, Equatable, Codable {
        var address: String
        var family: String
        /// `allowed` or `refused`.
        var verdict: String
        var reason: String?
    }

    struct TLS: Sendable, Equatable, Codable {
        var version: String?
        var trust: String?
    }

    struct Response: Sendable, Equatable, Codable {
        var status: Int
        var headers: [Header]
        var body: String?
        var bodyCut: Bool?
    }

    struct Receipt: Sendable, Equatable, Codable {
        var isReceipt: Bool
        var code: String?
        var reason: String?
        /// What would become of a real one: `delivered`, `retry` or `dead`.
        var outcome: String?
    }
}
