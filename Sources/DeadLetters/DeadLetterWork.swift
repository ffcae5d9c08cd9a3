import Broker
package import Contracts
package import Foundation
import ServiceRuntime

/// Goes through a dead queue and settles the letters that are meant, one after the other.
///
/// Each takes three steps: the clean copy is confirmed by the stage's queue, then the news is confirmed, then the dead
/// copy is acknowledged. Killed between any two of them, it leaves a copy that is recognised by the next run, or,
/// before the second, one message twice, under one id. What is not meant is held meanwhile and back in its place
/// afterwards.
package struct DeadLetterWork: Sendable {
    var records: any DeadLetterRecords
    var session: BrokerSession
    var choice: DeadLetterChoice
    var remedy: Remedy
    /// Who does it.
    var by: String
    /// How many to settle at most.
    var limit: Int?
    /// Returns when the letter after so many is due; `nil` for at once.
    var turn: (@Sendable (_ settled: Int) async throws -> Void)?
    var canary: CanaryWatch?
    /// See `QueueReader`.
    var reach: Int
    let tally: LiveTally

    package init(
        records: any DeadLetterRecords, session: BrokerSession, choice: DeadLetterChoice, remedy: Remedy, by: String,
        limit: Int? = nil, turn: (@Sendable (_ settled: Int) async throws -> Void)? = nil, canary: CanaryWatch? = nil,
        reach: Int = QueueReader.mostHeld, tally: LiveTally
    ) {
        self.records = records
        self.session = session
        self.choice = choice
        self.remedy = remedy
        self.by = by
        self.limit = limit
        self.turn = turn
        self.canary = canary
        self.reach = reach
        self.tally = tally
    }

    /// - Returns: the ids, of those asked for, that were found.
    /// - Throws: `DeadLetterTrouble`; whatever `records` throws.
    package func run(_ stage: Stage) async throws -> Set<UUID> {
        var found: Set<UUID> = []
        var settled: [UUID: DeadLetterChoice.Death] = [:]
        var batch: [CanaryWatch.Canary] = []
        var batches = CanaryBatches()
        let queue = session.topology.deadQueue(stage)
        guard !isDone else { return found }
        try await QueueReader(session: session, reach: reach).read(queue) { delivery in
            tally.count { $0.seen += 1 }
            guard !delivery.isOversized else {
                tally.count { $0.oversized += 1 }
                return true
            }
            let copy = DeadCopy(delivery.message, stage: stage)
            guard choice.mayMean(copy) else { return true }
            let entry = try await records.letter(copy.messageID, of: stage)
            let now = Timestamp.truncate(Date())
            let verdict = choice.verdict(on: copy, entry, settled: settled[copy.messageID], now: now)
            if verdict != .leave {
                found.insert(copy.messageID)
                if let id = copy.requestID?.uuid { found.insert(id) }
            }
            if let death = try await settle(verdict, copy, delivery) {
                settled[copy.messageID] = death
                batch.append(.init(messageID: copy.messageID, stage: stage, death: death))
            }
            if let canary, batch.count >= batches.size {
                try await canary.watch(batch)
                batch = []
                batches.advance()
            }
            return !isDone
        }
        if let canary, !batch.isEmpty { try await canary.watch(batch) }
        return found
    }

    private var isDone: Bool {
        guard let limit else { return false }
        let tally = tally.current
        return tally.replayed + tally.discarded + tally.told >= limit
    }

    /// - Returns: the death that was undone, when the letter was replayed.
    private func settle(
        _ verdict: DeadLetterChoice.Verdict, _ copy: DeadCopy, _ delivery: Delivery
    ) async throws -> DeadLetterChoice.Death? {
        switch (verdict, remedy) {
        case (.leave, _): return nil
        case (.remove, _):
            session.consuming.acknowledge(delivery)
            tally.count { $0.leftovers += 1 }
            return nil
        case (.told(let death), .replay):
            try await discard(copy, death, why: Remedy.toldWhy)
            session.consuming.acknowledge(delivery)
            tally.count { $0.told += 1 }
            return nil
        case (.told(let death), .discard(let why)), (.settle(let death), .discard(let why)):
            try await awaitTurn()
            try await discard(copy, death, why: why)
            session.consuming.acknowledge(delivery)
            tally.count { $0.discarded += 1 }
            return nil
        case (.settle(let death), .replay):
            try await awaitTurn()
            let entrance = session.topology.entrance(copy.stage, partition: copy.partitionKey)
            try await session.publish(
                copy.clean(replays: death.replays + 1), exchange: entrance.exchange, routingKey: entrance.routingKey)
            try await tell(
                StageReplayed(
                    stage: copy.stage, messageID: copy.messageID, diedAt: death.at, by: by,
                    replayedAt: Timestamp.truncate(Date()), replays: death.replays), copy, death)
            session.consuming.acknowledge(delivery)
            tally.count { $0.replayed += 1 }
            return death
        }
    }

    private func awaitTurn() async throws {
        let tally = tally.current
        try await turn?(tally.replayed + tally.discarded)
    }

    private func discard(_ copy: DeadCopy, _ death: DeadLetterChoice.Death, why: String) async throws {
        try await tell(
            StageDiscarded(
                stage: copy.stage, messageID: copy.messageID, diedAt: death.at, by: by, why: why,
                discardedAt: Timestamp.truncate(Date()), replays: death.replays), copy, death)
    }

    /// Done twice, it is the same event.
    private func tell<Data: EventData>(
        _ data: Data, _ copy: DeadCopy, _ death: DeadLetterChoice.Death
    ) async throws {
        let event = Event(
            id: EventID.derive(
                from: copy.messageID, stage: "operator", type: Data.type,
                occurrence: "\(copy.stage.rawValue)/\(Timestamp.string(death.at))"),
            source: "/intake/operator", time: Timestamp.truncate(Date()),
            requestID: copy.requestID ?? RequestID(copy.messageID), traceParent: copy.traceParent, data: data)
        try await session.publish(
            Message(try EventMessage(event), application: "intake-operator"), exchange: session.topology.events,
            routingKey: Data.type.rawValue)
    }
}
