import Contracts
import Foundation
import Terminal

/// Watches what becomes of replayed letters.
struct CanaryWatch: Sendable {
    /// A letter that was replayed.
    struct Canary: Sendable, Equatable {
        var messageID: UUID
        var stage: Stage
        /// The death that was undone.
        var death: DeadLetterChoice.Death
    }

    enum Outcome: Sendable, Equatable {
        case movedOn
        case diedAgain(DeadLetterEntry)
        case waiting
    }

    var api: AdminAPI
    /// How long to wait for a batch.
    var patience: Duration
    private static let interval = Duration.milliseconds(250)

    /// Returns when all of a batch have moved on.
    /// - Throws: `CommandError` when one died again, or did not move in time.
    func watch(_ batch: [Canary]) async throws {
        let deadline = ContinuousClock.now + patience
        var waiting = batch
        while true {
            var left: [Canary] = []
            for canary in waiting {
                let entry = try await api.deadLetters(canary.messageID).first { $0.stage == canary.stage }
                switch Self.outcome(of: canary, entry) {
                case .movedOn: break
                case .waiting: left.append(canary)
                case .diedAgain(let entry):
                    throw CommandError(
                        "stopped: \(canary.messageID.canonical) died again in \(canary.stage.rawValue)"
                            + " (\(entry.reason), \(entry.code)): \(entry.message)")
                }
            }
            waiting = left
            guard let first = waiting.first else { return }
            guard ContinuousClock.now < deadline else {
                throw CommandError(
                    "stopped: \(waiting.count) of the last \(batch.count) have not moved on within \(patience),"
                        + " \(first.messageID.canonical) among them")
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    static func outcome(of canary: Canary, _ entry: DeadLetterEntry?) -> Outcome {
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
struct CanaryBatches: Sendable {
    private static let sizes = [1, 2, 5, 20, 50, 200, 500, 1000]
    private var index = 0

    var size: Int { Self.sizes[min(index, Self.sizes.count - 1)] }

    mutating func advance() { index += 1 }
}
