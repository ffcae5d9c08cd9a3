import Contracts

import struct Foundation.Date

/// Facts about one request that came together, and are written as one change of its row: what a change costs is paid
/// once. Each is of another kind, and of those that nearly every request has.
///
/// Each kind writes columns of its own, and only over an older fact of its kind: where one of them is older than what
/// is there, none is written, and they go one by one.
struct GatheredFacts: Sendable {
    let id: RequestID
    var geocoding: Recorded<Geocoding>?
    var decision: Recorded<Decision>?
    var receipt: Receipt?
    /// Where the facts stand among those that came.
    var places: [Int] = []

    /// - Returns: those facts by request, and where the others stand.
    static func gather(_ records: [ProgressRecord]) -> (gathered: [GatheredFacts], others: [Int]) {
        var (all, last): ([GatheredFacts], [RequestID: Int]) = ([], [:])
        var others: [Int] = []
        all.reserveCapacity(records.count)
        for (place, record) in records.enumerated() {
            guard let id = record.id, !record.update.isBesideTheAnswer else {
                others.append(place)
                continue
            }
            if let known = last[id], all[known].add(record.update) {
                all[known].places.append(place)
                continue
            }
            guard var facts = GatheredFacts(record.update, of: id) else {
                others.append(place)
                continue
            }
            facts.places = [place]
            last[id] = all.count
            all.append(facts)
        }
        return (all, others)
    }

    init(id: RequestID, decision: Recorded<Decision>? = nil) { (self.id, self.decision) = (id, decision) }

    /// - Returns: `nil` when it is no such fact.
    init?(_ update: ProgressUpdate, of id: RequestID) {
        self.init(id: id)
        guard add(update) else { return nil }
    }

    /// - Returns: whether it was taken; one of the same kind is there otherwise, or it is no such fact.
    private mutating func add(_ update: ProgressUpdate) -> Bool {
        switch update {
        case .geocoded(let new) where geocoding == nil: geocoding = new
        case .decided(let new) where decision == nil: decision = new
        case .delivered(let new) where receipt == nil: receipt = new
        case .geocoded, .decided, .delivered, .reviewRequested, .retrying, .dead, .resolved, .degraded, .recovered,
            .noted:
            return false
        }
        return true
    }
}

extension ProgressUpdate {
    /// What the partner takes after the answer stands beside it, and in the timeline.
    fileprivate var isBesideTheAnswer: Bool {
        guard case .delivered(let receipt) = self else { return false }
        return receipt.sequence > RequestDecided.sequence
    }
}

extension StoreTransaction {
    func send(_ facts: GatheredFacts, at now: Date) throws -> StoreSent {
        var kinds = 0
        var values = StoreValues {
            facts.id
            now
        }
        if let geocoding = facts.geocoding {
            kinds |= FactColumns.geocoding.bit
            values = values + (try FactColumns.values(geocoding))
        }
        if let decision = facts.decision {
            kinds |= FactColumns.decision.bit
            values = values + FactColumns.values(decision)
        }
        if let receipt = facts.receipt {
            kinds |= FactColumns.receipt.bit
            values = values + FactColumns.values(receipt)
        }
        return try send(FactColumns.statements[kinds], values)
    }
}
