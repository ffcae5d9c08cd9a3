package import struct Foundation.Date

/// A partner's endpoint fails so often that it is left alone but for one probe at a time: its callbacks wait in its queue.
///
/// The event's subject is the request whose attempt was the last straw.
package struct EndpointDegraded: EventData {
    package static let type = EventType.endpointDegraded

    package var provider: String
    /// Attempts within the window that was looked at.
    package var attempts: Int
    /// How many of them failed.
    package var failures: Int
    /// The last failure.
    package var error: StageError
    package var since: Date

    package init(provider: String, attempts: Int, failures: Int, error: StageError, since: Date) {
        self.provider = provider
        self.attempts = attempts
        self.failures = failures
        self.error = error
        self.since = since
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        attempts = try fields.int("attempts")
        failures = try fields.int("failures")
        error = try StageError(try fields.fields("error"))
        since = try fields.time("since")
    }

    package func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("provider", provider)
        object.add("attempts", attempts)
        object.add("failures", failures)
        try object.add("error", error.write)
        object.add("since", Timestamp.string(since))
    }
}
