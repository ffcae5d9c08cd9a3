import Foundation

/// Where spans go, and of how many requests.
struct TraceSettings: Sendable, Equatable {
    /// Of a collector that takes OTLP over HTTP as JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp).
    var url: String
    var authorization: Secret?
    /// Of so many traces that begin here one is recorded.
    var oneIn = 1

    init(url: String, authorization: Secret? = nil, oneIn: Int = 1) {
        self.url = url
        self.authorization = authorization
        self.oneIn = oneIn
    }

    /// - Returns: `nil` without a collector, or with one that cannot be.
    init?(_ settings: inout Settings) {
        let url = settings.optionalString(
            "traces.url",
            meaning: """
                Where spans of traces are sent: a collector that takes OTLP over HTTP as JSON, such as \
                http://127.0.0.1:4318, and below it /v1/traces unless a path is given. No traces without it.
                """)
        let authorization = settings.secret(
            "traces.authorization", meaning: "What the collector gets as `Authorization`, as it is.")
        oneIn = settings.int(
            "traces.one-in", default: 1, in: 1...1_000_000,
            meaning: """
                Of so many requests one is traced; those whose traceparent the partner has sampled are in any case, \
                and those that it has not are in none.
                """)
        if let authorization, !authorization.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            settings.reject("traces.authorization", "cannot stand in a header: it is not printable ASCII")
        }
        guard let url else { return nil }
        guard let place = Self.place(url) else {
            settings.reject("traces.url", "'\(url)' is not http://host:port or https://host:port")
            return nil
        }
        self.url = place
        self.authorization = authorization.map(Secret.init)
    }

    /// The whole address; `nil` for what is none.
    private static func place(_ text: String) -> String? {
        guard var parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased() ?? ""),
            parts.host?.isEmpty == false, parts.user == nil, parts.password == nil, parts.fragment == nil,
            parts.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        if parts.path.isEmpty || parts.path == "/" { parts.path = "/v1/traces" }
        return parts.string
    }
}
