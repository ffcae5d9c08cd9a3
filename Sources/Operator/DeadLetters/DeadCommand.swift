import AdminAPI
import ArgumentParser
import Contracts
import DeadLetters
import Foundation
import Terminal

/// `intake dead`: what stages gave up.
struct Dead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See what died, and bring it back or throw it away.",
        discussion: """
            A message that a stage cannot handle waits in the stage's dead queue until somebody decides. list and show \
            read what IngestService has recorded and touch no queue; replay and discard take the messages out of the \
            queue, one after the other, and can be interrupted at any moment.
            """,
        subcommands: [DeadList.self, DeadShow.self, DeadReplay.self, DeadDiscard.self])
}

/// `intake dead list`
struct DeadList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Count the dead letters by stage and reason, and compare with the queues.")

    @Option(help: "Only this stage's.")
    var stage: Stage?

    @Option(help: "Only those that died for this reason, e.g. out-of-attempts.")
    var reason: String?

    @Option(help: "Only those of this partner's requests.")
    var provider: ProviderName?

    @Option(help: "Only those that died so long ago, e.g. 30m, 2h, 7d.")
    var olderThan: Age?

    @Flag(help: "Print every letter as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func run() async throws {
        let (api, target) = (try admin.api(), try broker.target())
        let query = DeadLetterQuery(
            stage: stage, reason: reason, olderThan: olderThan?.duration, provider: provider?.name)
        var list = DeadLetterList(query: query, page: try await api.deadLetters(query))
        if json { try await list.fetchRest(api) }
        do {
            list.queues = try await list.compare(api, target)
        } catch let error as CommandError {
            list.brokerProblem = error.description
        }
        try Output.write(json ? .json(list.json) : .text(list.text(now: Date())))
        if let problem = list.brokerProblem { throw CommandError(problem) }
    }
}

/// `intake dead show`
struct DeadShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dead letter: why it died, its headers and its body.")

    @Argument(help: "The message's id or the request's, ours or the partner's.")
    var id: String

    @Flag(help: "Show headers and body as they are, personal data included.")
    var raw = false

    @Flag(help: "Print it as JSON: a list, for a request may have several.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        let entries = try await api.deadLetters(try await api.resolve(id).uuid, isRaw: raw)
        guard !entries.isEmpty else { throw CommandError("no dead letter has the id \(id)") }
        let text = entries.map { DeadLetterText.of($0) }.joined(separator: "\n")
        try Output.write(json ? .json(entries) : .text(text))
    }
}

/// `intake dead replay`
struct DeadReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Give dead letters back to their stage, with a fresh count of attempts.",
        discussion: """
            Each is confirmed by the stage's queue before it leaves the dead one. Killed at any moment, it loses none \
            and sends at most one twice, under the same id; run it again for the rest. A letter whose request was told \
            all the same is not given back, only removed.
            """)

    @OptionGroup var selection: DeadSelection

    @Option(help: "At most so many.")
    var limit: Int?

    @Option(help: "So many a second. (default: as fast as the broker takes them)")
    var rate: Double?

    @Flag(help: "Give back 1, 2, 5, 20, 50, … and stop at the first that dies again.")
    var canary = false

    @Option(help: "How long --canary waits until all of a batch have moved on.")
    var canaryWait = TimeSpan(.seconds(60))

    @Flag(help: "Only say what would happen.")
    var dryRun = false

    @Flag(help: "Print how many there were, or what would happen, as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
        if let rate, !(rate.isFinite && (0.001...1_000_000).contains(rate)) {
            throw ValidationError("--rate must be between 0.001 and 1000000.")
        }
    }

    func run() async throws {
        let (api, target) = (try admin.api(), try broker.target())
        let (choice, stage) = (try await selection.choice(api), selection.stage)
        if dryRun {
            let plan = try await ReplayPlan.make(api, choice, stage: stage, limit: limit)
            return try Output.write(json ? .json(plan.json) : .text(plan.text))
        }
        let run = DeadLetterRun(
            api: api, target: target, choice: choice, stage: stage, remedy: .replay, by: OperatorName.current(),
            limit: limit, rate: rate, canaryPatience: canary ? canaryWait.duration : nil)
        try await run.run(display: .onStandardError(), write: DeadLetterRun.writer(json))
    }
}

/// Which dead letters are meant.
struct DeadSelection: ParsableArguments {
    @Argument(help: "Ids of messages or requests, ours or the partner's.")
    var ids: [String] = []

    @Option(help: "All of this stage's; with ids, where to look.")
    var stage: Stage?

    @Option(help: "Only those that died for this reason.")
    var reason: String?

    @Option(help: "All of this partner's requests.")
    var provider: ProviderName?

    func validate() throws {
        guard !ids.isEmpty || stage != nil || provider != nil else {
            throw ValidationError("Say which: ids, --stage or --provider.")
        }
    }

    func choice(_ api: ServiceAdmin) async throws(CommandError) -> DeadLetterChoice {
        DeadLetterChoice(
            ids: Set(try await api.resolve(ids).map(\.uuid)), reason: reason, provider: provider?.name)
    }
}

/// `intake dead discard`
struct DeadDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Throw dead letters away. Their jobs stay failed, and show who did it and why.")

    @OptionGroup var selection: DeadSelection

    @Option(help: "Why. The partner sees it on the job.")
    var why: String

    @Flag(help: "Do it; without it, those that no id names are only counted.")
    var yes = false

    @Flag(help: "Print how many there were as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func validate() throws {
        guard why.contains(where: { !$0.isWhitespace }), why.count <= 500 else {
            throw ValidationError("--why must say something, in at most 500 characters.")
        }
    }

    func run() async throws {
        let (api, target) = (try admin.api(), try broker.target())
        let (choice, stage) = (try await selection.choice(api), selection.stage)
        if choice.ids.isEmpty, !yes {
            let groups = try await api.deadLetterGroups(stage, choice)
            try Output.write(json ? .json(groups) : .text(DeadLetterText.groups(groups)))
            throw CommandError("nothing was discarded: say --yes to throw all of these away")
        }
        let run = DeadLetterRun(
            api: api, target: target, choice: choice, stage: stage, remedy: .discard(why: why),
            by: OperatorName.current())
        try await run.run(display: .onStandardError(), write: DeadLetterRun.writer(json))
    }
}
