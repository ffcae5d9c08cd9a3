import ArgumentParser
import Contracts
import Foundation

/// `intake dead discard`
struct DeadDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Throw dead letters away. Their jobs stay failed, and show who did it and why.")

    @Argument(help: "Ids of messages or requests.")
    var ids: [MessageIdentifier]

    @Option(help: "Why. The partner sees it on the job.")
    var why: String

    @Option(help: "Look in this stage's dead queue.")
    var stage: Stage?

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func validate() throws {
        guard !ids.isEmpty else { throw ValidationError("Say which: ids.") }
        guard why.contains(where: { !$0.isWhitespace }), why.count <= 500 else {
            throw ValidationError("--why must say something, in at most 500 characters.")
        }
    }

    func run() async throws {
        let run = DeadLetterRun(
            api: try admin.api(), target: try broker.target(), choice: DeadLetterChoice(ids: Set(ids.map(\.id))),
            stage: stage, remedy: .discard(why: why), by: OperatorName.current())
        try await run.run(display: .onStandardError()) { print($0) }
    }
}
