import AdminAPI
import Contracts
import DeadLetters
import Foundation
import Terminal

/// What a replay would do.
struct ReplayPlan: Sendable, Equatable {
    var letters: [DeadLetterEntry]

    /// Looks up what is recorded; touches no queue.
    /// - Throws: `CommandError` when an id is unknown.
    static func make(
        _ api: ServiceAdmin, _ choice: DeadLetterChoice, stage: Stage?, limit: Int?
    ) async throws(CommandError) -> ReplayPlan {
        var letters: [DeadLetterEntry] = []
        if choice.ids.isEmpty {
            let query = DeadLetterQuery(stage: stage, reason: choice.reason, provider: choice.provider)
            var after: String?
            repeat {
                let page = try await api.deadLetters(query, after: after)
                letters += page.deadLetters
                after = page.next
            } while after != nil && letters.count < limit ?? .max
        } else {
            for id in choice.ids.sorted(by: { $0.canonical < $1.canonical }) {
                let found = try await api.deadLetters(id)
                guard !found.isEmpty else { throw CommandError("no dead letter has the id \(id.canonical)") }
                letters += found.filter { letter in
                    letter.resolution == nil && letter.stage == stage ?? letter.stage
                        && letter.reason == choice.reason ?? letter.reason
                }
            }
        }
        return ReplayPlan(letters: Array(letters.prefix(limit ?? .max)))
    }

    /// A line for each letter, and a sum.
    var text: String {
        var table = TextTable()
        for letter in letters {
            table.add("\(letter.messageId)", letter.stage.rawValue, letter.reason, Self.consequence(letter))
        }
        let told = letters.count(where: Self.isNoOp)
        let sum = "\(letters.count - told) would be replayed, \(told) would be no-ops (told already)"
        return (table.lines + [sum]).joined(separator: "\n") + "\n"
    }

    /// What `--json` prints.
    struct Step: Encodable {
        var messageId: AdminID
        var requestId: RequestID?
        var stage: Stage
        var reason: String
        var consequence: String
    }

    var json: [Step] {
        letters.map {
            Step(
                messageId: $0.messageId, requestId: $0.requestId, stage: $0.stage, reason: $0.reason,
                consequence: Self.consequence($0))
        }
    }

    private static func isNoOp(_ letter: DeadLetterEntry) -> Bool { letter.told && letter.stage != .progress }

    private static func consequence(_ letter: DeadLetterEntry) -> String {
        if isNoOp(letter) { return "no-op: told already" }
        return switch letter.stage {
        case .geocode, .decision: "goes on, and its partner is called"
        case .callback: "its partner is called again"
        case .progress: "the job is brought up to date"
        }
    }
}
