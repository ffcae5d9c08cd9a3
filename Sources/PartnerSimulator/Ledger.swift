import Synchronization

/// What became of each request: the simulated partner's books. Pure; the caller says what time it is.
///
/// A request is finished when its POST has come to an end (accepted, refused or given up) and, if it was accepted, its
/// callback has come. A callback is the proof that the request was accepted, whatever the POST came to.
struct Ledger: Sendable {
    typealias Instant = ContinuousClock.Instant

    private(set) var entries: [Entry]
    /// The books of callbacks that belong to no entry.
    private(set) var callbacks = CallbackCounts()
    private(set) var progress: SimulationProgress
    /// When the first request was sent.
    private(set) var firstSentAt: Instant?
    /// When the last request was told.
    private(set) var lastToldAt: Instant?
    /// When something last happened that brings the run nearer to its end.
    var lastProgressAt: Instant
    /// From sending to the 202, microseconds.
    private(set) var acceptance = Latencies()
    /// From the first sending to the callback, microseconds.
    private(set) var wholeWay = Latencies()

    /// The books of a partner that misbehaves; `nil` for one that does not.
    var misbehaviours: MisbehaviourBooks?
    private(set) var indexByID: [String: Int] = [:]
    private var unfinished: Int

    init(count: Int, misbehaviour: MisbehaviourPlan? = nil, at now: Instant) {
        misbehaviours = misbehaviour.map(MisbehaviourBooks.init)
        entries = Array(repeating: Entry(), count: count)
        indexByID.reserveCapacity(count)
        unfinished = count
        progress = SimulationProgress(requests: count)
        lastProgressAt = now
    }

    /// Whether nothing more can come that the run waits for.
    var isSettled: Bool { unfinished == 0 }

    /// A POST is about to go out, the first of its request or a repetition.
    /// - Parameter due: when the first should have gone out: what it waits for its turn counts as time until its
    ///   answer, or a slow answer would hide how late those behind it are.
    mutating func sending(_ index: Int, _ request: SimulatedRequest, at now: Instant, due: Instant? = nil) {
        if entries[index].sends == 0 {
            entries[index].id = request.id
            entries[index].expected = request.expected
            entries[index].firstSentAt = due ?? now
            indexByID[request.id] = index
            firstSentAt = firstSentAt ?? now
            progress.sent += 1
        }
        entries[index].lastSentAt = entries[index].sends == 0 ? due ?? now : now
        entries[index].sends += 1
    }

    /// What the sender does after an answer.
    enum AfterAnswer: Equatable {
        /// Nothing: the POST has come to an end.
        case done
        /// Posts the request again after a while.
        case sendAgain
    }

    /// An answer came.
    /// - Parameter location: where the job is, if the answer says so.
    mutating func answered(_ index: Int, status: Int, location: String?, at now: Instant) -> AfterAnswer {
        switch status {
        case 200, 202:
            if let sent = entries[index].lastSentAt { acceptance.record(now - sent) }
            accept(index, location: location, at: now)
            return .done
        case 409 where entries[index].sends > 1 && location != nil:
            // The answer to an earlier POST of this run got lost; the job is ours.
            accept(index, location: location, at: now)
            return .done
        case 429, 502, 503, 504:
            entries[index].trouble = .status(status)
            return entries[index].told == nil ? .sendAgain : gaveUp(index, at: now)
        default:
            entries[index].trouble = .status(status)
            return gaveUp(index, at: now)
        }
    }

    /// No answer came.
    mutating func unanswered(_ index: Int, _ reason: String, at now: Instant) -> AfterAnswer {
        entries[index].trouble = .noAnswer(reason)
        return entries[index].told == nil ? .sendAgain : gaveUp(index, at: now)
    }

    /// The sender does not try again.
    @discardableResult
    mutating func gaveUp(_ index: Int, at now: Instant) -> AfterAnswer {
        guard entries[index].posting == .open else { return .done }
        if entries[index].told == nil {
            entries[index].posting = .failed(entries[index].trouble ?? .noAnswer("not sent"))
            unfinished -= 1
        } else {
            accept(index, location: nil, at: now)
        }
        return .done
    }

    /// A callback came, and a receipt goes out.
    mutating func called(id: String, acceptance: Bool, at now: Instant) {
        guard let index = indexByID[id] else {
            callbacks.unexpected += 1
            return
        }
        misbehaviours?.acted(index, on: acceptance)
        if let told = entries[index].told {
            if told == acceptance { callbacks.duplicates += 1 } else { callbacks.contradictions += 1 }
            return
        }
        entries[index].told = acceptance
        entries[index].toldAt = now
        if let sent = entries[index].firstSentAt { wholeWay.record(now - sent) }
        lastToldAt = now
        lastProgressAt = now
        progress.told += 1
        switch entries[index].posting {
        case .open: break
        case .accepted: unfinished -= 1
        case .failed:
            entries[index].posting = .accepted
            progress.accepted += 1
        }
    }

    /// A callback came that its sender must correct.
    mutating func refusedCallback(_ fault: CallbackFault) {
        switch fault {
        case .unauthorized: callbacks.unauthorized += 1
        case .malformed: callbacks.malformed += 1
        }
    }

    /// A callback's signature was looked at.
    mutating func looked(at verdict: CallbackSignatures.Verdict) {
        switch verdict {
        case .verified: callbacks.verified += 1
        case .missing: callbacks.unsigned += 1
        case .wrong: callbacks.wronglySigned += 1
        }
    }

    private mutating func accept(_ index: Int, location: String?, at now: Instant) {
        guard entries[index].posting == .open else { return }
        entries[index].posting = .accepted
        entries[index].location = location
        progress.accepted += 1
        lastProgressAt = now
        if entries[index].told != nil { unfinished -= 1 }
    }
}

extension Ledger {
    /// One request's line.
    struct Entry: Sendable, Equatable {
        /// Empty until it was sent.
        var id = ""
        var expected: Bool?
        var sends = 0
        var firstSentAt: Instant?
        var lastSentAt: Instant?
        var posting = Posting.open
        /// What the last POST that was not accepted came to.
        var trouble: Trouble?
        /// Path of the job.
        var location: String?
        /// What it was told first, and when.
        var told: Bool?
        var toldAt: Instant?
    }

    enum Posting: Sendable, Equatable {
        /// Not sent yet, under way, or to be sent again. Goes to either of the others.
        case open
        /// The API has it. Final.
        case accepted
        /// The sender has stopped trying. Goes to `accepted` when a callback proves it wrong.
        case failed(Trouble)
    }

    enum Trouble: Sendable, Hashable {
        /// The HTTP status of a refusal.
        case status(Int)
        /// No answer came; says why.
        case noAnswer(String)
    }

    /// Callbacks beside the first one of each request.
    struct CallbackCounts: Sendable, Equatable {
        /// The same answer again for a request that had been told.
        var duplicates = 0
        /// The other answer for a request that had been told.
        var contradictions = 0
        /// For an id that this run did not send.
        var unexpected = 0
        var unauthorized = 0
        var malformed = 0
        /// By their signatures, where these are looked at.
        var verified = 0
        var unsigned = 0
        var wronglySigned = 0
    }

    enum CallbackFault: Sendable {
        /// The wrong `Authorization`.
        case unauthorized
        /// Not `{"acceptance": true|false, …}`.
        case malformed
    }
}

/// The books of a partner that misbehaves. Without a plan none of these writes anything down.
extension Ledger {
    /// A callback's head came. That somebody still calls is progress, whatever becomes of it.
    /// - Parameter key: its `Idempotency-Key`.
    /// - Returns: how to take it; `nil` for well.
    mutating func arrived(id: String, key: String?, at now: Instant) -> Misbehaviour? {
        guard let index = indexByID[id] else { return nil }
        lastProgressAt = now
        return misbehaviours?.arrived(index, key: key, at: now)
    }

    /// The partner has acted on a callback, and its caller does not know.
    mutating func acted(id: String, acceptance: Bool) {
        if let index = indexByID[id] { misbehaviours?.acted(index, on: acceptance) }
    }

    /// A receipt goes out that nobody can misread.
    mutating func receipted(id: String, key: String?) {
        if let index = indexByID[id] { misbehaviours?.receipted(index, key: key) }
    }

    /// Somebody went where a redirect pointed.
    mutating func redirectFollowed(id: String) {
        if let index = indexByID[id] { misbehaviours?.redirectFollowed(index) }
    }
}

/// The ledger while posts and callbacks come in from everywhere.
final class LiveLedger: Sendable {
    private let ledger: Mutex<Ledger>
    private let settling = AsyncStream<Never>.makeStream()

    init(count: Int, misbehaviour: MisbehaviourPlan? = nil) {
        ledger = Mutex(Ledger(count: count, misbehaviour: misbehaviour, at: .now))
    }

    /// Writes something down.
    /// - Parameter body: a transition and nothing else; it runs under the lock.
    @discardableResult
    func record<Result: Sendable>(_ body: (inout Ledger, Ledger.Instant) -> Result) -> Result {
        let now = ContinuousClock.now
        let (result, isSettled) = ledger.withLock { ledger in (body(&ledger, now), ledger.isSettled) }
        if isSettled { settling.continuation.finish() }
        return result
    }

    /// The books as they are.
    var current: Ledger { ledger.withLock { $0 } }
    var progress: SimulationProgress { ledger.withLock { $0.progress } }
    var lastProgressAt: Ledger.Instant { ledger.withLock { $0.lastProgressAt } }

    /// Returns when the ledger is settled, or at cancellation. One task may wait.
    func settled() async {
        for await _ in settling.stream {}
    }
}
