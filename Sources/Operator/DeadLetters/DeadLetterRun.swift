import Broker
import Contracts
import Foundation
import Terminal

/// A whole `dead replay` or `dead discard`: finds out where the letters are, settles them, and sums up.
struct DeadLetterRun: Sendable {
    var api: AdminAPI
    var target: BrokerTarget
    var choice: DeadLetterChoice
    /// `nil` for wherever the ids are.
    var stage: Stage?
    var remedy: Remedy
    var by: String
    var limit: Int?
    /// Letters a second; `nil` for as fast as they are taken.
    var rate: Double?
    /// How long a careful replay waits for a batch; `nil` for one that does not look back.
    var canaryPatience: Duration?

    /// - Parameter print: gets each line for standard output.
    /// - Throws: `CommandError` when something that was asked for was not found or not settled.
    func run(display: ProgressDisplay, print: @Sendable (String) -> Void) async throws {
        let stages = try await stages()
        let tally = LiveTally()
        let found: Set<UUID>
        do {
            found = try await settle(stages, tally, display)
        } catch {
            if tally.current.seen > 0 { print(tally.current.summary) }
            throw error
        }
        print(tally.current.summary)
        let missing = choice.ids.subtracting(found)
        guard missing.isEmpty else {
            throw CommandError("not in a dead queue: " + missing.map(\.canonical).sorted().joined(separator: ", "))
        }
    }

    private func settle(
        _ stages: [Stage], _ tally: LiveTally, _ display: ProgressDisplay
    ) async throws -> Set<UUID> {
        try await BrokerSession.run(target) { session in
            for stage in stages {
                let depth = try await session.depth(of: session.topology.deadQueue(stage)).messages
                tally.count { $0.total += depth }
            }
            guard tally.current.total > 0 else { return [] }
            let work = DeadLetterWork(
                api: api, session: session, choice: choice, remedy: remedy, by: by, limit: limit,
                pace: rate.map { Pace(perSecond: $0, from: .now) },
                canary: canaryPatience.map { CanaryWatch(api: api, patience: $0) }, tally: tally)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await display.run { tally.current } }
                defer { group.cancelAll() }
                var found: Set<UUID> = []
                for stage in stages { found.formUnion(try await work.run(stage)) }
                return found
            }
        }
    }

    /// The stages whose dead queues are to be gone through.
    private func stages() async throws(CommandError) -> [Stage] {
        if let stage { return [stage] }
        var stages: Set<Stage> = []
        var unknown: [String] = []
        for id in choice.ids {
            let entries = try await api.deadLetters(id)
            if entries.isEmpty { unknown.append(id.canonical) }
            stages.formUnion(entries.map(\.stage))
        }
        guard unknown.isEmpty else {
            throw CommandError("no dead letter has the id \(unknown.sorted().joined(separator: ", "))")
        }
        return Stage.allCases.filter(stages.contains)
    }
}

/// What is to become of the chosen dead letters.
enum Remedy: Sendable, Equatable {
    /// Their stage gets them again.
    case replay
    /// They are thrown away, for a reason.
    case discard(why: String)

    /// Why a letter is thrown away by a replay: its request was told all the same.
    static let toldWhy = "The partner had been told already."
}
