/// Where and as whom the simulated partner calls Intake.
struct PartnerAPI: Sendable {
    /// Scheme, host and port, perhaps with a path before `/api`.
    let base: String
    private let token: String

    init(base: String, token: String) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.token = token
    }

    var requestsURL: String { "\(base)/api/requests" }
    var authorization: String { "Bearer \(token)" }

    /// Where a job is; `nil` for a location that is no path of this API: the token must not go elsewhere.
    func url(ofLocation location: String) -> String? {
        location.hasPrefix("/") && !location.hasPrefix("//") ? base + location : nil
    }
}
