import Testing

/// A step boundary at which a service is made to die.
struct CrashPoint: Sendable, CustomTestStringConvertible {
    var service: ServiceName
    /// See `FailurePoint` of the broker client.
    var name: String
    /// What the partner answers first, so that the step is reached.
    var partnerAnswers: [Int] = []

    var testDescription: String { "\(service.rawValue) at \(name)" }

    /// Every boundary of every service but those about dead letters.
    static let all =
        ingest
        + [.geocode, .decision, .callback].flatMap { service in
            stage.map { CrashPoint(service: service, name: $0) }
        } + callback

    /// Each stage: decoded, before the handler · handled, before the outputs go out · sent, before the confirm ·
    /// confirmed, before the ack · acknowledged, as far as this side knows.
    private static let stage = [
        "stage.received", "stage.handled", "publish.sent", "stage.published", "stage.acknowledged",
    ]

    /// The front door and its outbox: on disk, not yet handed to the relay · handed over, not yet answered · sent,
    /// before the confirm · confirmed, still in the outbox. And the projection: its handler writes to the store.
    private static let ingest = [
        "outbox.committed", "request.accepted", "publish.sent", "relay.confirmed", "stage.received",
        "stage.handled",
        "stage.published", "stage.acknowledged",
    ].map { CrashPoint(service: .ingest, name: $0) }

    /// The partner has taken the answer, and nobody here knows it yet · it has refused, the copy in the retry queue is
    /// confirmed, and the original not yet acknowledged.
    private static let callback = [
        CrashPoint(service: .callback, name: "partner.answered"),
        CrashPoint(service: .callback, name: "stage.postponed", partnerAnswers: [503]),
    ]
}
