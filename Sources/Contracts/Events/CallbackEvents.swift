package import struct Foundation.Date

/// The partner has taken the answer, or the news of a further step.
package struct CallbackDelivered: EventData {
    package static let type = EventType.callbackDelivered

    package var provider = ""
    package var providerRequestID = ""
    package var receipt = Receipt()

    package init() {}

    package init(provider: String, providerRequestID: String, _ receipt: Receipt) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.receipt = receipt
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("provider", &provider)
        try coder.field("providerRequestId", &providerRequestID)
        try receipt.code(&coder)
    }
}

/// An attempt to tell the partner has ended without a receipt.
package struct CallbackAttempted: EventData {
    package static let type = EventType.callbackAttempted
    /// The most of a partner's answer that an event holds, bytes of UTF-8.
    package static let longestExcerpt = 2048

    package var provider = ""
    /// Which of the things that the partner is told about the request it was, from 1.
    package var sequence = 0
    /// Which attempt it was, from 1.
    package var attempt = 0
    package var startedAt = Date.unset
    /// How long the attempt took, milliseconds.
    package var durationMilliseconds = 0
    /// Absent where no connection came about, and behind a proxy.
    package var addressFamily: AddressFamily?
    /// Absent when no answer came.
    package var httpStatus: Int?
    package var error = StageError()
    /// How the partner's answer begins, without secrets or contact data; absent when it had no text.
    package var excerpt: String?

    package init() {}

    package init(
        provider: String, sequence: Int, attempt: Int, startedAt: Date, durationMilliseconds: Int,
        addressFamily: AddressFamily?, httpStatus: Int?, error: StageError, excerpt: String?
    ) {
        self.provider = provider
        self.sequence = sequence
        self.attempt = attempt
        self.startedAt = startedAt
        self.durationMilliseconds = durationMilliseconds
        self.addressFamily = addressFamily
        self.httpStatus = httpStatus
        self.error = error
        self.excerpt = excerpt
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("provider", &provider)
        try coder.field("sequence", &sequence)
        try coder.field("attempt", &attempt)
        try coder.field("startedAt", &startedAt)
        try coder.field("durationMilliseconds", &durationMilliseconds)
        try coder.field("addressFamily", &addressFamily)
        try coder.field("httpStatus", &httpStatus)
        try coder.field("error", &error)
        try coder.field("excerpt", &excerpt, isPersonal: true)
    }
}

/// What the partner was to be told is not told any more: something newer about the same request has overtaken it.
package struct CallbackSuperseded: EventData {
    package static let type = EventType.callbackSuperseded

    package var provider = ""
    /// What is not told any more.
    package var sequence = 0
    /// What has overtaken it.
    package var newestSequence = 0
    package var supersededAt = Date.unset

    package init() {}

    package init(provider: String, sequence: Int, newestSequence: Int, supersededAt: Date) {
        self.provider = provider
        self.sequence = sequence
        self.newestSequence = newestSequence
        self.supersededAt = supersededAt
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("provider", &provider)
        try coder.field("sequence", &sequence)
        try coder.field("newestSequence", &newestSequence)
        try coder.field("supersededAt", &supersededAt)
    }
}

/// A partner's endpoint fails so often that it is left alone but for one probe at a time: its callbacks wait in its
/// queue.
///
/// The event's subject is the request whose attempt was the last straw.
package struct EndpointDegraded: EventData {
    package static let type = EventType.endpointDegraded

    package var provider = ""
    /// Attempts within the window that was looked at.
    package var attempts = 0
    /// How many of them failed.
    package var failures = 0
    /// The last failure.
    package var error = StageError()
    package var since = Date.unset
    /// The organisation that the partner works for; absent where nobody has said it yet. Since version 1.1.
    package var organization: String?

    package init() {}

    package init(
        provider: String, attempts: Int, failures: Int, error: StageError, since: Date, organization: String? = nil
    ) {
        self.organization = organization
        self.provider = provider
        self.attempts = attempts
        self.failures = failures
        self.error = error
        self.since = since
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("provider", &provider)
        try coder.field("attempts", &attempts)
        try coder.field("failures", &failures)
        try coder.field("error", &error)
        try coder.field("since", &since)
        try coder.field("organization", &organization)
    }
}

/// A partner's endpoint takes callbacks again: a probe was answered. Said as well of the first answer that a process
/// gets, since an earlier one may have ended while the endpoint was degraded.
///
/// The event's subject is the request that was the probe.
package struct EndpointRecovered: EventData {
    package static let type = EventType.endpointRecovered

    package var provider = ""
    /// Since when it was left alone; whatever was said of an earlier time is over as well.
    package var degradedSince = Date.unset
    package var recoveredAt = Date.unset

    package init() {}

    package init(provider: String, degradedSince: Date, recoveredAt: Date) {
        self.provider = provider
        self.degradedSince = degradedSince
        self.recoveredAt = recoveredAt
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("provider", &provider)
        try coder.field("degradedSince", &degradedSince)
        try coder.field("recoveredAt", &recoveredAt)
    }
}
