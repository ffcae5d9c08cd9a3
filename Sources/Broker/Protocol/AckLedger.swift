import DequeModule

/// Collects what a consumer has settled on one channel, and says it to the broker in as few frames as it can: one ack
/// with `multiple` for everything up to the first delivery that is still open, single acks for what lies behind it.
///
/// The broker writes each frame's acks to its log in one entry, so this saves work on both sides.
struct AckLedger: Sendable {
    enum Action: Equatable {
        case acknowledge(tag: UInt64, multiple: Bool)
        case reject(tag: UInt64, requeue: Bool)
    }

    private enum Mark {
        /// With a handler.
        case open
        /// To be acknowledged at the next flush.
        case acknowledged
        /// The broker has been told.
        case told
    }

    /// The marks of the tags `first`, `first + 1`, …; tags count up by one on a channel (AMQP 0-9-1, section 1.8.3.13).
    private var marks: Deque<Mark> = []
    private var first: UInt64 = 1

    /// Acks that the next flush will say.
    private(set) var pendingCount = 0

    /// Deliveries that the broker waits for.
    private(set) var openCount = 0

    /// Deliveries that are remembered: the oldest open one and all that came after it.
    var rememberedCount: Int { marks.count }

    init() {}

    /// - Returns: false for a tag that is not the next one, which no broker gives.
    mutating func delivered(_ tag: UInt64) -> Bool {
        guard tag == first + UInt64(marks.count) else { return false }
        marks.append(.open)
        openCount += 1
        return true
    }

    /// - Returns: whether the delivery was open; settling twice is a mistake of the caller that must not reach the
    ///   broker, which would close the channel.
    mutating func acknowledge(_ tag: UInt64) -> Bool {
        guard let index = openIndex(tag) else { return false }
        marks[index] = .acknowledged
        pendingCount += 1
        openCount -= 1
        return true
    }

    /// Says it at once: rejections are rare.
    mutating func reject(_ tag: UInt64, requeue: Bool) -> Action? {
        guard let index = openIndex(tag) else { return nil }
        marks[index] = .told
        openCount -= 1
        while marks.first == .told {
            marks.removeFirst()
            first += 1
        }
        return .reject(tag: tag, requeue: requeue)
    }

    /// What to tell the broker now.
    mutating func flush() -> [Action] {
        guard pendingCount > 0 else { return [] }
        var actions: [Action] = []
        var upTo: (tag: UInt64, count: Int)?
        let ended = marks.firstIndex(of: .open) ?? marks.count
        for index in 0..<ended where marks[index] == .acknowledged {
            upTo = (first + UInt64(index), (upTo?.count ?? 0) + 1)
        }
        marks.removeFirst(ended)
        first += UInt64(ended)
        if let upTo {
            actions.append(.acknowledge(tag: upTo.tag, multiple: upTo.count > 1))
            pendingCount -= upTo.count
        }
        if pendingCount > 0 {
            for index in marks.indices where marks[index] == .acknowledged {
                marks[index] = .told
                actions.append(.acknowledge(tag: first + UInt64(index), multiple: false))
            }
            pendingCount = 0
        }
        return actions
    }

    private func openIndex(_ tag: UInt64) -> Int? {
        guard tag >= first, tag - first < UInt64(marks.count) else { return nil }
        let index = Int(tag - first)
        return marks[index] == .open ? index : nil
    }
}
