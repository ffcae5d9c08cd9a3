package import Contracts
package import Foundation

/// Watches what becomes of replayed letters.
package struct CanaryWatch: Sendable {
    /// A letter that was replayed.
    package struct Canary: Sendable, Equatable {
        package var messageID: UUID
        package var stage: Stage
        /// The death that was undone.
        package var death: DeadLetterChoice.Death

        package init(messageID: UUID, stage: Stage, death: DeadLetterChoice.Death) {
            self.messageID = messageID
            self.stage = stage
            self.death = death
        }
    }

    package enum Outcome: Sendable, Equatable {
        case movedOn
        case diedAgain(KnownLetter)
        case waiting
    }

    var records: any DeadLetterRecords
    /// How long to wait for a batch.
    var patience: Duration
    private static let interval = Duration.milliseconds(250)

    package init(records: any DeadLetterRecords, patience: Duration) {
        self.records = records
        self.patience = patience
    }

    /// Returns when all of a batch have moved on.
    /// - Throws: `DeadLetterTrouble` when one died again, or did not move in time.
    func watch(_ batch: [Canary]) async throws {
        let deadline = ContinuousClock.now + patience
        var waiting = batch
        while true {
            var left: [Canary] = []
            for canary in waiting {
                let entry = try await records.letter(canary.messageID, of: canary.stage)
                switch Self.outcome(of: canary, entry) {
                case .movedOn: break
                case .waiting: left.append(canary)
                case .diedAgain(let entry):
                    throw DeadLetterTrouble(
                        .diedAgain,
                        "stopped: \(canary.messageID.canonical) died again in \(canary.stage.rawValue)"
                            + " (\(entry.reason), \(entry.error.code)): \(entry.error.message)")
                }
            }
            waiting = left
            guard let first = waiting.first else { return }
            guard ContinuousClock.now < deadline else {
                throw DeadLetterTrouble(
                    .stuck,
                    "stopped: \(waiting.count) of the last \(batch.count) have not moved on within \(patience.written),"
                        + " \(first.messageID.canonical) among them")
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    package static func outcome(of canary: Canary, _ entry: KnownLetter?) -> Outcome {
        guard let entry else { return .waiting }
        if entry.resolution == nil, entry.replays ?? 0 > canary.death.replays { return .diedAgain(entry) }
        if entry.told { return .movedOn }
        guard entry.resolution != nil, let job = entry.job else { return .waiting }
        // Whatever has become of it since: this stage has done its work.
        guard let stage = job.stage, let now = order(stage), let then = order(canary.stage) else { return .movedOn }
        return now > then ? .movedOn : .waiting
    }

    private static func order(_ stage: Stage) -> Int? { Stage.allCases.firstIndex(of: stage) }
}

/// The sizes of the batches of a careful replay: 1, 2, 5, 20, 50, 200, 500, and 1,000 from then on.
package struct CanaryBatches: Sendable {
    private static let sizes = [1, 2, 5, 20, 50, 200, 500, 1000]
    private var index = 0

    package init() {}

    package var size: Int { Self.sizes[min(index, Self.sizes.count - 1)] }

    package mutating func advance() { index += 1 }
}
