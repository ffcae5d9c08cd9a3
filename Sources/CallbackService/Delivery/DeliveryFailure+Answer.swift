extension DeliveryFailure {
    /// How long a partner is left alone that only people can mend.
    static let operatorsPace = Duration.seconds(3600)

    /// Judges an answer whose status is no receipt.
    ///
    /// A redirect is not followed: the partner's place is the file's to name, and where a `Location` points to has not been
    /// looked at. It means that the endpoint has moved, so an operator is needed; the answer waits meanwhile.
    /// - Parameter retryAfter: what the partner asked for.
    init(status: Int, retryAfter: Duration?, excerpt: String?) {
        var code = Code.http(status)
        var message = "The partner answered with HTTP status \(status)."
        let verdict: Verdict
        switch status {
        case 200...299:
            code = .noReceipt
            message = "The partner answered with HTTP status \(status), which is no receipt by its entry."
            verdict = .tryAgain
        case 300...399:
            code = .redirected
            message = "The partner answered with a redirect (HTTP status \(status)), which is not followed."
            verdict = .needsOperator
        case 401, 403, 407: verdict = .needsOperator
        case 408, 425, 429: verdict = .tryAgain
        case 400...499: verdict = .final
        default: verdict = .tryAgain
        }
        self.init(
            code: code, message: message, verdict: verdict, retryAfter: retryAfter, status: status, excerpt: excerpt)
    }
}
