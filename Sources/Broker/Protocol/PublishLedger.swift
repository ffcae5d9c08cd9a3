import DequeModule

/// Every publish from its submission to its confirm, across the loss of channels and connections.
///
/// ```
/// submit ─▶ waiting ─▶ in flight ─▶ confirmed | refused | unroutable
///              ▲           │
///              └── channel lost: its fate is unknown, so it is sent again under the same message id
/// ```
///
/// When the broker closes the channel because of a publish (no such exchange, say), nothing tells which one it was. So
/// the ledger then sends what was in flight one at a time, until the culprit stands alone in the dock. `Token` stands
/// for whoever waits.
///
/// Not bounded here: every entry belongs to a caller that waits for it, so the callers' concurrency is the bound.
struct PublishLedger<Token> {
    /// One publish.
    struct Entry {
        let id: UInt64
        /// By reference: an entry is looked at often, and each time the message would be copied member by member.
        private let kept: KeptPublication
        /// `nil` when the caller has gone: the confirm is still counted, but the message is not sent again.
        var token: Token?

        var publication: Publication { kept.publication }

        init(id: UInt64, publication: Publication, token: Token?) {
            self.id = id
            kept = KeptPublication(publication)
            self.token = token
        }
    }

    enum Outcome: Equatable {
        /// Every queue that the message belongs in has taken it.
        case confirmed
        /// A queue refused it (basic.nack).
        case refused
        /// No queue is bound for it (basic.return).
        case unroutable(code: UInt16, text: String)
        /// The broker closed the channel because of it.
        case rejected(BrokerError)
    }

    fileprivate struct InFlight {
        var entry: Entry
        var outcome: Outcome?
        var returned: (code: UInt16, text: String)?
    }

    private var waiting: Deque<Entry> = []
    /// The publishes with the confirm sequence numbers `firstSequence`, `firstSequence + 1`, …
    private var inFlight: Deque<InFlight> = []
    private var firstSequence: UInt64 = 1
    private var nextID: UInt64 = 1
    private var isOpen = false
    /// Entries up to this id are sent alone.
    private var cautiousUpTo: UInt64 = 0
    private var unsettled = 0

    /// While the broker has blocked publishers (connection.blocked), nothing is sent.
    var isBlocked = false

    init() {}

    /// Nothing is waiting or in flight.
    var isEmpty: Bool { waiting.isEmpty && unsettled == 0 }
    var inFlightCount: Int { unsettled }
    var waitingCount: Int { waiting.count }

    /// Ids for the next so many of `submit`, so that they can be cancelled from the beginning.
    mutating func issueIDs(_ count: Int) -> Range<UInt64> {
        defer { nextID += UInt64(count) }
        return nextID..<nextID + UInt64(count)
    }

    /// - Parameter id: from `issueIDs()`; nearly in the order of their issue.
    mutating func submit(_ publication: Publication, id: UInt64, token: Token) {
        waiting.append(Entry(id: id, publication: publication, token: token))
    }

    /// Whether `next()` would give an entry.
    var canSend: Bool {
        guard isOpen, !isBlocked, let entry = waiting.first else { return false }
        guard unsettled > 0, let earlier = inFlight.first?.entry else { return true }
        // What is sent alone has nothing before it and nothing behind it.
        return entry.id > cautiousUpTo && earlier.id > cautiousUpTo
    }

    /// The next publish to hand to the library, already entered under its sequence number; `nil` when there is none or
    /// it may not be sent now.
    mutating func next() -> Entry? {
        guard canSend, let entry = waiting.popFirst() else { return nil }
        inFlight.append(InFlight(entry: entry))
        unsettled += 1
        return entry
    }

    /// A channel in confirm mode stands; sequence numbers start at 1.
    mutating func channelOpened() {
        isOpen = true
        firstSequence = 1
    }

    /// The channel or its connection is gone.
    /// - Parameter cause: the broker's words when it closed the channel because of a publish; `nil` when the connection
    ///   was lost, which no publish is to blame for.
    /// - Returns: the culprit, when it can be told.
    mutating func channelLost(cause: BrokerError?) -> (Token, Outcome)? {
        isOpen = false
        var unknown = inFlight.filter { $0.outcome == nil && $0.entry.token != nil }.map(\.entry)
        let wasAlone = inFlight.count { $0.outcome == nil } == 1
        inFlight.removeAll()
        unsettled = 0
        var culprit: (Token, Outcome)?
        if let cause {
            if wasAlone, let entry = unknown.popLast(), let token = entry.token {
                culprit = (token, .rejected(cause))
            }
            cautiousUpTo = unknown.map(\.id).reduce(cautiousUpTo, max)
        }
        waiting.prepend(contentsOf: unknown)
        return culprit
    }

    /// basic.ack or basic.nack.
    /// - Returns: who is settled by it, in the order of publishing; nobody for a tag that was settled before; `nil` for
    ///   one that was never published.
    mutating func settled(tag: UInt64, multiple: Bool, isAck: Bool) -> [(Token, Outcome)]? {
        let next = firstSequence + UInt64(inFlight.count)
        guard tag < next, tag > 0 || multiple else { return nil }
        // Tag 0 with `multiple` means everything that is outstanding (AMQP 0-9-1, basic.ack).
        let upTo = tag == 0 ? next - 1 : tag
        guard upTo >= firstSequence, !inFlight.isEmpty else { return [] }
        let last = Int(upTo - firstSequence)
        var settled: [(Token, Outcome)] = []
        for index in (multiple ? 0 : last)...last where inFlight[index].outcome == nil {
            let outcome: Outcome =
                if !isAck {
                    .refused
                } else if let returned = inFlight[index].returned {
                    .unroutable(code: returned.code, text: returned.text)
                } else {
                    .confirmed
                }
            inFlight[index].outcome = outcome
            unsettled -= 1
            if let token = inFlight[index].entry.token { settled.append((token, outcome)) }
        }
        let ended = inFlight.firstIndex { $0.outcome == nil } ?? inFlight.count
        inFlight.removeFirst(ended)
        firstSequence += UInt64(ended)
        return settled
    }

    /// basic.return: it comes before the ack of the same publish. Paired by message id and address, since confirms of
    /// other publishes may stand between.
    mutating func returned(messageID: String?, exchange: String, routingKey: String, code: UInt16, text: String) {
        let index = inFlight.firstIndex {
            let publication = $0.entry.publication
            return $0.outcome == nil && $0.returned == nil && publication.message.properties.messageID == messageID
                && publication.exchange == exchange && publication.routingKey == routingKey
        }
        if let index { inFlight[index].returned = (code, text) }
    }

    /// The library could not write the entry that `next()` just gave.
    mutating func unsendable(_ id: UInt64) -> Token? {
        guard let last = inFlight.last, last.entry.id == id else { return nil }
        inFlight.removeLast()
        unsettled -= 1
        return last.entry.token
    }

    /// The caller no longer waits.
    /// - Returns: the tokens of those that were not settled already.
    mutating func cancel(_ ids: Range<UInt64>) -> [Token] {
        var tokens: [Token] = []
        for index in inFlight.indices where inFlight[index].outcome == nil && ids.contains(inFlight[index].entry.id) {
            if let token = inFlight[index].entry.token.take() { tokens.append(token) }
        }
        tokens += waiting.filter { ids.contains($0.id) }.compactMap(\.token)
        waiting.removeAll { ids.contains($0.id) }
        return tokens
    }

    /// The connection is shut down for good.
    /// - Returns: everyone who still waits.
    mutating func removeAll() -> [Token] {
        let tokens =
            inFlight.filter { $0.outcome == nil }.compactMap(\.entry.token) + waiting.compactMap(\.token)
        inFlight.removeAll()
        waiting.removeAll()
        unsettled = 0
        return tokens
    }
}

extension PublishLedger: Sendable where Token: Sendable {}
extension PublishLedger.Entry: Sendable where Token: Sendable {}
extension PublishLedger.InFlight: Sendable where Token: Sendable {}

private final class KeptPublication: Sendable {
    let publication: Publication

    init(_ publication: Publication) { self.publication = publication }
}
