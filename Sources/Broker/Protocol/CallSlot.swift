/// The one outstanding request of a channel: AMQP answers requests of a channel in order and does not number them, so a
/// second one is only asked when the first is answered.
///
/// ```
/// idle ─▶ pending ─▶ idle
///            │
///            └─ the caller gives up ─▶ abandoned ─▶ idle, when the answer comes after all
/// ```
struct CallSlot<Token> {
    fileprivate enum State {
        case idle
        case pending(Token, id: UInt64, answer: Answer.Kind, deadline: ContinuousClock.Instant)
        case abandoned(answer: Answer.Kind, deadline: ContinuousClock.Instant)
    }

    private var state = State.idle

    /// When the broker is overdue.
    var deadline: ContinuousClock.Instant? {
        switch state {
        case .idle: nil
        case .pending(_, _, _, let deadline), .abandoned(_, let deadline): deadline
        }
    }

    /// What the broker is to answer with; `nil` when nothing was asked.
    var expected: Answer.Kind? {
        switch state {
        case .idle: nil
        case .pending(_, _, let answer, _), .abandoned(let answer, _): answer
        }
    }

    /// - Parameter id: to give this call up by, and no other that the channel has gone on to.
    /// - Returns: false when another call is outstanding.
    mutating func begin(
        _ token: Token, id: UInt64, expecting answer: Answer.Kind, deadline: ContinuousClock.Instant
    ) -> Bool {
        guard case .idle = state else { return false }
        state = .pending(token, id: id, answer: answer, deadline: deadline)
        return true
    }

    /// The broker gets no more time than this.
    mutating func hasten(to limit: ContinuousClock.Instant) {
        switch state {
        case .idle: break
        case .pending(let token, let id, let answer, let deadline):
            state = .pending(token, id: id, answer: answer, deadline: min(deadline, limit))
        case .abandoned(let answer, let deadline):
            state = .abandoned(answer: answer, deadline: min(deadline, limit))
        }
    }

    /// An answer has come.
    /// - Returns: who waits for it; `nil` when nobody does any longer, or when it answers something else.
    mutating func received(_ kind: Answer.Kind) -> Token? {
        switch state {
        case .pending(let token, _, let expected, _) where expected == kind:
            state = .idle
            return token
        case .abandoned(let expected, _) where expected == kind:
            state = .idle
            return nil
        case .idle, .pending, .abandoned:
            return nil
        }
    }

    /// The caller gives up.
    /// - Returns: its token, unless it was answered already.
    mutating func abandon(_ id: UInt64) -> Token? {
        guard case .pending(let token, id, let answer, let deadline) = state else { return nil }
        state = .abandoned(answer: answer, deadline: deadline)
        return token
    }

    /// The channel is gone.
    mutating func fail() -> Token? {
        defer { state = .idle }
        guard case .pending(let token, _, _, _) = state else { return nil }
        return token
    }
}

extension CallSlot.State: Sendable where Token: Sendable {}
extension CallSlot: Sendable where Token: Sendable {}

/// What the broker answers to a request.
enum Answer: Sendable, Equatable {
    case channelOpened
    case channelClosed
    case exchangeDeclared
    case exchangeBound
    case queueDeclared(name: String, messages: UInt32, consumers: UInt32)
    case queueBound
    case queueUnbound
    case queueDeleted(messages: UInt32)
    case qosSet
    case consuming(tag: String)
    case cancelled
    case confirming
    case connectionClosed

    /// An answer without its content.
    enum Kind: Sendable, Equatable {
        case channelOpened, channelClosed, exchangeDeclared, exchangeBound, queueDeclared, queueBound, queueUnbound
        case queueDeleted, qosSet, consuming, cancelled, confirming, connectionClosed
    }

    var kind: Kind {
        switch self {
        case .channelOpened: .channelOpened
        case .channelClosed: .channelClosed
        case .exchangeDeclared: .exchangeDeclared
        case .exchangeBound: .exchangeBound
        case .queueDeclared: .queueDeclared
        case .queueBound: .queueBound
        case .queueUnbound: .queueUnbound
        case .queueDeleted: .queueDeleted
        case .qosSet: .qosSet
        case .consuming: .consuming
        case .cancelled: .cancelled
        case .confirming: .confirming
        case .connectionClosed: .connectionClosed
        }
    }
}
