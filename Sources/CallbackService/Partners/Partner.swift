/// A partner system that is told what was decided.
struct Partner: Sendable, Equatable {
    /// The whole time that one attempt may take, from connecting to the end of the answer, unless the file says otherwise.
    static let defaultTimeout = Duration.seconds(15)
    /// What the file may say: less fails on any network, more would outlast the drain of a process that stops.
    static let timeouts = Duration.milliseconds(100) ... .seconds(60)

    var url: URLTemplate
    /// The value of the `Authorization` header, as it is; `nil` for a partner that asks for none.
    var authorization: Secret?
    var timeout: Duration = Self.defaultTimeout
    /// Callbacks under way at a time; `callback.concurrency` when `nil`.
    var concurrency: Int?
    /// Attempts per second; `nil` for no limit.
    var rate: Double?
}
