package import Contracts

package import struct Foundation.Date

/// The callbacks that wait: what partners are to be told and have not taken, the request that came first at the top.
/// The first page also counts all of them by partner and reason, and says what holds a partner back as a whole.
package enum ListWaiting: AdminEndpoint {
    package static let route = AdminRoute(.get, "callbacks/waiting", of: .ingest)

    package struct Query: AdminQuery {
        /// Only this partner's; `nil` for all.
        package var provider: String?
        package var limit = 100
        package var after: RequestID?

        package init() {}

        package mutating func code(_ coder: inout QueryCoder) {
            coder.text("provider", &provider, "must not be empty") { !$0.isEmpty }
            coder.limit(&limit)
            coder.after(&after)
        }
    }

    package struct Answer: Sendable, Equatable, Codable {
        /// Whose callbacks wait, or are held back; also the partner that was asked for, where it is known. On the first
        /// page alone.
        package var providers: [WaitingPartner]?
        /// Whether more wait than were counted: then the counts are "at least". On the first page alone.
        package var isCut: Bool?
        /// A page may end before it is full.
        package var waiting: [WaitingCallback]
        /// Where the next page begins; absent on the last.
        package var next: RequestID?
        /// Why it is not known of all partners whether their callbacks are paused; absent where it is.
        package var unknown: String?

        package init(
            providers: [WaitingPartner]? = nil, isCut: Bool? = nil, waiting: [WaitingCallback], next: RequestID? = nil,
            unknown: String? = nil
        ) {
            (self.providers, self.isCut) = (providers, isCut)
            (self.waiting, self.next, self.unknown) = (waiting, next, unknown)
        }
    }
}

/// How many callbacks to a partner wait, why, and what holds back all of them.
package struct WaitingPartner: Sendable, Equatable, Codable {
    package var provider: String
    package var count: Int
    /// Since when the first of them waits.
    package var oldest: Date?
    /// What the last attempts came to, the most frequent first.
    package var reasons: [Reason]
    /// Present while the partner's endpoint is left alone but for probes.
    package var endpoint: Endpoint?
    /// Present while an operator has paused its callbacks.
    package var paused: ProviderEntry.Pause?

    package init(
        provider: String, count: Int = 0, oldest: Date? = nil, reasons: [Reason] = [], endpoint: Endpoint? = nil,
        paused: ProviderEntry.Pause? = nil
    ) {
        (self.provider, self.count, self.oldest) = (provider, count, oldest)
        (self.reasons, self.endpoint, self.paused) = (reasons, endpoint, paused)
    }

    package struct Reason: Sendable, Equatable, Codable {
        /// The error of the last attempt, as `http-503`; absent for those that wait for their first.
        package var code: String?
        /// What the partner answered, where the error is that.
        package var httpStatus: Int?
        package var count: Int

        package init(code: String?, count: Int) {
            (self.code, self.count) = (code, count)
            httpStatus = code.flatMap { StageError.httpStatus(of: $0) }
        }
    }

    package struct Endpoint: Sendable, Equatable, Codable {
        /// Absent when only a process of CallbackService knows of it yet.
        package var degradedSince: Date?
        /// The failure that was the last straw.
        package var error: StageError?

        package init(degradedSince: Date?, error: StageError?) {
            (self.degradedSince, self.error) = (degradedSince, error)
        }
    }
}

/// What a partner is to be told about a request, and has not taken.
package struct WaitingCallback: Sendable, Equatable, Codable {
    /// What a callback waits for.
    package enum Cause: String, Sendable, Codable {
        /// It is on its way, and nobody has asked the partner yet.
        case firstAttempt = "first-attempt"
        case nextAttempt = "next-attempt"
        /// The partner's endpoint is left alone: it goes out with a probe, or when the endpoint answers again.
        case endpoint
        /// An operator has paused the partner's callbacks.
        case resume
    }

    package var request: RequestID
    package var provider: String
    package var providerRequestId: String
    /// 1 is the answer, what is more a later step.
    package var sequence: Int
    /// What the partner is to be told: `answer`, or the request's status.
    package var what: String
    /// Since when.
    package var since: Date
    /// Attempts that were made; absent before the first.
    package var attempt: Int?
    /// Attempts after which it is given up; absent as long as nobody has said.
    package var of: Int?
    /// Of the last attempt.
    package var error: StageError?
    package var httpStatus: Int?
    package var waitsFor: Cause
    /// Absent where that has no time: its turn has come, or it waits for something else.
    package var nextAttemptAt: Date?

    package init(
        request: RequestID, provider: String, providerRequestId: String, sequence: Int, what: String, since: Date,
        attempt: Int? = nil, of: Int? = nil, error: StageError? = nil, httpStatus: Int? = nil, waitsFor: Cause,
        nextAttemptAt: Date? = nil
    ) {
        (self.request, self.provider, self.providerRequestId) = (request, provider, providerRequestId)
        (self.sequence, self.what, self.since) = (sequence, what, since)
        (self.attempt, self.of, self.error, self.httpStatus) = (attempt, of, error, httpStatus)
        (self.waitsFor, self.nextAttemptAt) = (waitsFor, nextAttemptAt)
    }
}

extension StageError {
    /// The status that a partner answered with, where a code such as `http-503` says it.
    package static func httpStatus(of code: String) -> Int? {
        guard code.hasPrefix("http-") else { return nil }
        return Int(foreign: code.dropFirst("http-".count), in: 100...999)
    }
}
