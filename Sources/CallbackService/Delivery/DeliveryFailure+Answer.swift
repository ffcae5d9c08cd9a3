extension DeliveryFailure {
    /// How long a partner is left alone that only people can mend.
    static let operatorsPace = Duration.seconds(3600)

    /// Judges an answer whose status is no receipt.
    ///
    /// A refusal (4xx) is tried again, too: it is as often a deployment or a secret gone wrong, which somebody mends,
    /// as it is about this one request. Only 410 says that it is for good (RFC 9110, section 15.5.11), and what the
    /// partner's entry names.
    ///
    /// A redirect is not followed: the partner's place is the file's to name, and where a `Location` points to has not
    /// been looked at. It means that the endpoint has moved, so an operator is needed; the answer waits meanwhile.
    /// - Parameters:
    ///   - retryAfter: what the partner asked for.
    ///   - permanent: the statuses that are final by the partner's entry.
    init(status: Int, retryAfter: Duration?, excerpt: String?, permanent: Set<Int> = []) {
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
        case 410: verdict = .final
        case _ where permanent.contains(status): verdict = .final
        case 401, 403, 407: verdict = .needsOperator
        default: verdict = .tryAgain
        }
        self.init(
            code: code, message: message, verdict: verdict, retryAfter: retryAfter, status: status, excerpt: excerpt)
    }
}
