import AdminAPI
import Broker
import Contracts
import DeadLetters
import Foundation
import Terminal

/// A whole `dead replay` or `dead discard`: finds out where the letters are, settles them, and sums up.
struct DeadLetterRun: Sendable {
    var api: ServiceAdmin
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

    /// What there is to say of a run.
    enum News: Sendable {
        /// How many are meant, before any is touched.
        case meant([DeadLetterGroup])
        /// How it ended.
        case ended(RemedyTally)
    }

    /// Writes it to standard output, as JSON only the end.
    static func writer(_ json: Bool) -> @Sendable (News) throws -> Void {
        { news in
            switch news {
            case .meant(let groups): if !json { try Output.write(.text(DeadLetterText.groups(groups))) }
            case .ended(let tally): try Output.write(json ? .json(tally.json) : .text(tally.summary + "\n"))
            }
        }
    }

    /// - Throws: `CommandError` when something that was asked for was not found or not settled.
    func run(display: ProgressDisplay, write: @Sendable (News) throws -> Void) async throws {
        let stages: [Stage]
        if choice.ids.isEmpty {
            let groups = try await api.deadLetterGroups(stage, choice)
            try write(.meant(groups))
            stages = stage.map { [$0] } ?? Stage.allCases.filter { stage in groups.contains { $0.stage == stage } }
        } else {
            stages = try await stagesOfIDs()
        }
        let tally = LiveTally()
        let found: Set<UUID>
        do {
            found = try await settle(stages, tally, display)
        } catch {
            if tally.current.seen > 0 { try write(.ended(tally.current)) }
            throw error
        }
        try write(.ended(tally.current))
        let missing = choice.ids.subtracting(found)
        guard missing.isEmpty else {
            throw CommandError("not in a dead queue: " + missing.map(\.canonical).sorted().joined(separator: ", "))
        }
    }

    private func settle(
        _ stages: [Stage], _ tally: LiveTally, _ display: ProgressDisplay
    ) async throws -> Set<UUID> {
        try await target.session { session in
            for stage in stages {
                let depth = try await session.depth(of: session.topology.deadQueue(stage)).messages
                tally.count { $0.total += depth }
            }
            guard tally.current.total > 0 else { return [] }
            let work = DeadLetterWork(
                records: api, session: session, choice: choice, remedy: remedy, by: by, limit: limit,
                turn: turn(from: .now), canary: canaryPatience.map { CanaryWatch(records: api, patience: $0) },
                tally: tally)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await display.run { tally.current } }
                defer { group.cancelAll() }
                var found: Set<UUID> = []
                for stage in stages { found.formUnion(try await work.run(stage)) }
                return found
            }
        }
    }

    /// When the letter after so many is due; `nil` for at once.
    private func turn(from start: ContinuousClock.Instant) -> (@Sendable (Int) async throws -> Void)? {
        guard let rate else { return nil }
        let pace = Pace(perSecond: rate, from: start)
        return { settled in try await pace.turn(of: settled) }
    }

    /// The stages in whose dead queues the ids are.
    private func stagesOfIDs() async throws(CommandError) -> [Stage] {
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

extension BrokerTarget {
    /// A session, whose errors name the options that have a say in them.
    func session<Result: Sendable>(_ body: (BrokerSession) async throws -> Result) async throws -> Result {
        do { return try await BrokerSession.run(self, body) } catch { throw CommandError.of(error) }
    }
}

extension CommandError {
    /// An error of the work on dead queues, and which option has a say in it.
    static func of(_ error: any Error) -> any Error {
        guard let trouble = error as? DeadLetterTrouble else { return error }
        return switch trouble.code {
        case .unreachable: CommandError("\(trouble): see --broker-url")
        case .noQueue: CommandError("\(trouble): is --topology-prefix right?")
        default: CommandError(trouble.description)
        }
    }
}

extension ServiceAdmin {
    /// A page of the dead letters, those that died first at the top.
    /// - Parameter after: the `next` of the page before.
    func deadLetters(
        _ query: DeadLetterQuery, after: String? = nil, limit: Int = 500
    ) async throws(CommandError) -> DeadLetterPage {
        try await send(
            ListDeadLetters.call {
                $0 = query
                ($0.limit, $0.after) = (limit, after)
            })
    }

    /// Every dead letter with this id, or about the request with this id; empty when there is none.
    /// - Parameter isRaw: whether headers and body come as they are, personal data included.
    func deadLetters(_ id: UUID, isRaw: Bool = false) async throws(CommandError) -> [DeadLetterEntry] {
        try await find(ShowDeadLetters.call(of: AdminID(id)) { $0.raw = isRaw })?.deadLetters ?? []
    }

    /// How many letters are meant that are chosen by no id, by stage and reason, as far as they are recorded.
    func deadLetterGroups(
        _ stage: Stage?, _ choice: DeadLetterChoice
    ) async throws(CommandError) -> [DeadLetterGroup] {
        let query = DeadLetterQuery(stage: stage, reason: choice.reason, provider: choice.provider)
        return try await deadLetters(query, limit: 0).groups ?? []
    }
}

extension ServiceAdmin: DeadLetterRecords {
    func letter(_ messageID: UUID, of stage: Stage) async throws -> KnownLetter? {
        try await deadLetters(messageID).first { $0.stage == stage }.map(\.known)
    }
}

extension DeadLetterEntry {
    var known: KnownLetter {
        KnownLetter(
            reason: reason, error: StageError(code: code, message: message), diedAt: diedAt, replays: replays,
            told: told, resolution: resolution.map { .init(replays: $0.replays) },
            job: job.map { .init(stage: $0.stage) })
    }
}
