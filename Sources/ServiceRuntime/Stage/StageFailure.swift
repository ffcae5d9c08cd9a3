package import Contracts

/// Why a handler could not do its work, and whether another try can help.
package struct StageFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// Another try may succeed. Spends an attempt. `retryAfter` is what the dependency asked for, if it did.
        case transient(retryAfter: Duration?)
        /// No other try can succeed: the message is dead at once.
        case permanent
        /// A dependency is away. Spends no attempt. Where every message needs it, the others wait, see `OutageGate`.
        case outage(retryAfter: Duration?)
    }

    /// What the attempt has shown of the endpoint that the message's queue leads to; see `CircuitBreaker`.
    package enum EndpointReport: String, Sendable, Equatable {
        /// It was not asked, or nothing follows from what came.
        case silent
        /// It is there, though it did not do what was asked.
        case answered
        /// It is away, overloaded or out of order.
        case failed
    }

    package var kind: Kind
    package var error: StageError
    package var endpoint = EndpointReport.silent
    /// What there is to tell of this attempt; published before the message is postponed or buried, each attempt's under
    /// ids of their own.
    package var facts: [any EventData] = []

    package init(
        _ kind: Kind, code: String, message: String, endpoint: EndpointReport = .silent, facts: [any EventData] = []
    ) {
        self.kind = kind
        error = StageError(code: code, message: message)
        self.endpoint = endpoint
        self.facts = facts
    }

    package static func transient(
        _ code: String, _ message: String, retryAfter: Duration? = nil, endpoint: EndpointReport = .silent,
        facts: [any EventData] = []
    ) -> StageFailure {
        StageFailure(
            .transient(retryAfter: retryAfter), code: code, message: message, endpoint: endpoint, facts: facts)
    }

    package static func permanent(
        _ code: String, _ message: String, endpoint: EndpointReport = .silent, facts: [any EventData] = []
    ) -> StageFailure {
        StageFailure(.permanent, code: code, message: message, endpoint: endpoint, facts: facts)
    }

    package static func outage(_ code: String, _ message: String, retryAfter: Duration? = nil) -> StageFailure {
        StageFailure(.outage(retryAfter: retryAfter), code: code, message: message)
    }

    package var description: String { "\(error.code): \(error.message)" }

    package static func == (left: StageFailure, right: StageFailure) -> Bool {
        left.kind == right.kind && left.error == right.error && left.endpoint == right.endpoint
            && left.facts.elementsEqual(right.facts) { $0.isEqual($1) }
    }
}

extension EventData {
    fileprivate func isEqual(_ other: any EventData) -> Bool { other as? Self == self }
}
