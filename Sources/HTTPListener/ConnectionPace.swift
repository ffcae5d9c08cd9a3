import NIOCore

/// How far the request is that comes over a connection, and until when it must have gone on; and how far the client has
/// taken its answers. Does no I/O; is told the time.
struct ConnectionPace {
    /// What is being read.
    private enum Reading {
        /// Nothing of a request has come since then: it may wait for the next.
        case nothing(since: NIODeadline)
        /// Some bytes of a head: to `body` when it is whole.
        case head(since: NIODeadline, bytes: Int)
        /// A body, perhaps of no bytes: to `nothing` at its end.
        case body(since: NIODeadline, bytes: Int)
    }

    /// Answers stand that the client does not take.
    private struct Stall {
        var since: NIODeadline
        /// What the client had taken by then, see `lapse`.
        var taken: Int
    }

    /// What to do with a connection that has let its time pass.
    enum Lapse: Equatable {
        /// Nothing is under way: close it without a word.
        case idle
        /// A request came too slowly: say so.
        case slow
        /// The rest of an answered request came too slowly: it has its answer.
        case slowRest
        /// Answers are not taken: nothing can be said.
        case unread
    }

    private let limits: ConnectionLimits
    private var reading: Reading
    /// Whether what still comes is dropped.
    private var isReadingOver = false
    private var stall: Stall?
    /// Whole heads without the end of their answer.
    private(set) var unanswered = 0
    /// Whether the answer to the request whose body is being read has begun.
    private var isAnswerBegun = false

    init(limits: ConnectionLimits, at now: NIODeadline) {
        self.limits = limits
        reading = .nothing(since: now)
    }

    // MARK: What happens

    /// Bytes came of which no part of a request could be made yet.
    mutating func arrived(_ count: Int, at now: NIODeadline) {
        switch reading {
        case .nothing: reading = .head(since: now, bytes: count)
        case .head(let since, let bytes): reading = .head(since: since, bytes: bytes + count)
        case .body: break
        }
    }

    mutating func readHead(at now: NIODeadline) {
        reading = .body(since: now, bytes: 0)
        unanswered += 1
        isAnswerBegun = false
    }

    mutating func readBody(_ count: Int) {
        if case .body(let since, let bytes) = reading { reading = .body(since: since, bytes: bytes + count) }
    }

    mutating func readEnd(at now: NIODeadline) { reading = .nothing(since: now) }

    /// What still comes is dropped.
    mutating func stopsReading() { isReadingOver = true }

    mutating func beganAnswer() { if unanswered == 1 { isAnswerBegun = true } }

    mutating func answered(at now: NIODeadline) {
        unanswered -= 1
        guard unanswered == 0 else { return }
        // What waited while there was an answer to be made was not the client's fault.
        switch reading {
        case .nothing: reading = .nothing(since: now)
        case .head(_, let bytes): reading = .head(since: now, bytes: bytes)
        case .body: reading = .body(since: now, bytes: 0)
        }
    }

    /// No more can be written until the client takes something.
    /// - Parameter taken: see `lapse`.
    mutating func stalls(taken: Int, at now: NIODeadline) {
        if stall == nil { stall = Stall(since: now, taken: taken) }
    }

    /// It can be written again.
    mutating func flows() { stall = nil }

    // MARK: What follows

    /// Whether nothing but a request, whole or in part, is missing.
    var isWaiting: Bool {
        if case .body = reading { return false }
        return unanswered == 0 && stall == nil && !isReadingOver
    }

    /// Whether an answer that no request handler makes may be written now.
    var mayAnswer: Bool {
        if case .body = reading { return unanswered == 1 && !isAnswerBegun }
        return unanswered == 0
    }

    /// Whether a body is awaited of which nothing has come, and nothing of its answer was written.
    var isBodyAwaited: Bool {
        if case .body(_, bytes: 0) = reading { return unanswered == 1 && !isAnswerBegun }
        return false
    }

    var isReadingBody: Bool { if case .body = reading { true } else { false } }

    /// Whether the request that is being read has its answer, whole or in part.
    var isAnswerOfBodyBegun: Bool { isReadingBody && (unanswered == 0 || (unanswered == 1 && isAnswerBegun)) }

    /// Whether the request that is being read has been answered in full.
    private var isRest: Bool {
        if case .body = reading { return unanswered == 0 }
        return false
    }

    var isHeadTooLarge: Bool {
        if case .head(_, let bytes) = reading { return bytes > limits.headBytes }
        return false
    }

    /// Whether more comes of an answered request than is worth reading.
    var isRestTooLarge: Bool {
        if case .body(_, let bytes) = reading { return isRest && bytes > limits.drainBytes }
        return false
    }

    /// Until when the client must have done something; `nil` while it is the service's turn.
    var deadline: NIODeadline? {
        let stallEnd = stall.map { $0.since + limits.writeTime }
        guard let readEnd = readDeadline else { return stallEnd }
        return stallEnd.map { min($0, readEnd) } ?? readEnd
    }

    private var readDeadline: NIODeadline? {
        if isReadingOver { return nil }
        return switch reading {
        case .body(let since, _) where isRest: since + limits.drainTime
        case .body(let since, let bytes):
            since + limits.bodyTime + .milliseconds(Int64(bytes) * 1000 / Int64(limits.bodyRate))
        case _ where unanswered > 0: nil
        // Who still takes an answer is not idle; whether he takes it fast enough is the other question.
        case .nothing where stall != nil: nil
        case .head(let since, _): since + limits.headTime
        case .nothing(let since): since + limits.idleTime
        }
    }

    /// - Parameter taken: bytes that the client's side has acknowledged, from any beginning.
    /// - Returns: `nil` when the deadline has not passed.
    mutating func lapse(at now: NIODeadline, taken: Int) -> Lapse? {
        if let stall, now >= stall.since + limits.writeTime {
            let least = limits.writeTime.nanoseconds * Int64(limits.writeRate) / 1_000_000_000
            guard Int64(taken - stall.taken) >= max(1, least) else { return .unread }
            self.stall = Stall(since: now, taken: taken)
        }
        guard let deadline = readDeadline, now >= deadline else { return nil }
        return switch reading {
        case .nothing: .idle
        case .head: .slow
        case .body: isRest ? .slowRest : .slow
        }
    }
}
