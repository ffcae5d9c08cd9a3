import ArgumentParser
import Contracts
import Foundation

/// `intake dead replay`
struct DeadReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Give dead letters back to their stage, with a fresh count of attempts.",
        discussion: """
            Each is confirmed by the stage's queue before it leaves the dead one. Killed at any moment, it loses none and \
            sends at most one twice, under the same id; run it again for the rest. A letter whose request was told all the \
            same is not given back, only removed.
            """)

    @Argument(help: "Ids of messages or requests.")
    var ids: [MessageIdentifier] = []

    @Option(help: "All of this stage's.")
    var stage: Stage?

    @Option(help: "Only those that died for this reason.")
    var reason: String?

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

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func validate() throws {
        guard !ids.isEmpty || stage != nil else { throw ValidationError("Say which: ids, or --stage.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
        if let rate, !(rate.isFinite && (0.001...1_000_000).contains(rate)) {
            throw ValidationError("--rate must be between 0.001 and 1000000.")
        }
    }

    func run() async throws {
        let (api, target) = (try admin.api(), try broker.target())
        let choice = DeadLetterChoice(ids: Set(ids.map(\.id)), reason: reason)
        if dryRun {
            let plan = try await ReplayPlan.make(api, choice, stage: stage, limit: limit)
            return try FileHandle.standardOutput.write(contentsOf: Data(plan.text.utf8))
        }
        let run = DeadLetterRun(
            api: api, target: target, choice: choice, stage: stage, remedy: .replay, by: OperatorName.current(),
            limit: limit, rate: rate, canaryPatience: canary ? canaryWait.duration : nil)
        try await run.run(display: .onStandardError()) { print($0) }
    }
}
