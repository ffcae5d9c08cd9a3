package import Contracts

/// Why a handler could not do its work, and whether another try can help.
package struct StageFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// Another try may succeed. Spends an attempt. `retryAfter` is what the dependency asked for, if it did.
        case transient(retryAfter: Duration?)
        /// No other try can succeed: the message is dead at once.
        case permanent
        /// A dependency that every message needs is away. Spends no attempt.
        case outage(retryAfter: Duration?)
    }

    package var kind: Kind
    package var error: StageError

    package init(_ kind: Kind, code: String, message: String) {
        self.kind = kind
        error = StageError(code: code, message: message)
    }

    package static func transient(_ code: String, _ message: String, retryAfter: Duration? = nil) -> StageFailure {
        StageFailure(.transient(retryAfter: retryAfter), code: code, message: message)
    }

    package static func permanent(_ code: String, _ message: String) -> StageFailure {
        StageFailure(.permanent, code: code, message: message)
    }

    package static func outage(_ code: String, _ message: String, retryAfter: Duration? = nil) -> StageFailure {
        StageFailure(.outage(retryAfter: retryAfter), code: code, message: message)
    }

    package var description: String { "\(error.code): \(error.message)" }
}
