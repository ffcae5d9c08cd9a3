extension GeocoderFailure {
    /// What a status says of its own; `nil` for 200.
    ///
    /// A redirect is not followed: the address would go to somebody whom the operator has not named.
    init?(status: Int, retryAfter: Duration?) {
        guard status != 200 else { return nil }
        let code = "http-\(status)"
        switch status {
        case 408, 425, 429, 500...:
            self.init(
                kind: .away(retryAfter: retryAfter), code: code,
                message: status == 429
                    ? "The service says that it is asked too often." : "The service is not able to answer now.")
        case 300...399:
            self.init(
                kind: .refused, code: code, message: "The service sends us elsewhere, and we do not go: see its url.")
        case 401, 402, 403, 407:
            self.init(kind: .refused, code: code, message: "The service does not answer us: see its key.")
        case 400...499:
            self.init(kind: .refused, code: code, message: "The service does not know such questions: see its url.")
        default:
            self.init(kind: .unreadable, code: code, message: "The service answers with a status that is no answer.")
        }
    }
}
