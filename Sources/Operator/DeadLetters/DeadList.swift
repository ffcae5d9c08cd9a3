import ArgumentParser
import Contracts
import Foundation

/// `intake dead list`
struct DeadList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Count the dead letters by stage and reason, and compare with the queues.")

    @Option(help: "Only this stage's.")
    var stage: Stage?

    @Option(help: "Only those that died for this reason, e.g. out-of-attempts.")
    var reason: String?

    @Option(help: "Only those that died so long ago, e.g. 30m, 2h, 7d.")
    var olderThan: Age?

    @Flag(help: "Print every letter as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func run() async throws {
        let (api, target) = (try admin.api(), try broker.target())
        let query = DeadLetterQuery(stage: stage, reason: reason, olderThan: olderThan?.duration)
        var list = DeadLetterList(query: query, page: try await api.deadLetters(query))
        if json { try await list.fetchRest(api) }
        do {
            list.queues = try await list.compare(api, target)
        } catch let error as OperatorError {
            list.brokerProblem = error.description
        }
        try FileHandle.standardOutput.write(
            contentsOf: json ? AdminJSON.text(list.json) : Data(list.text(now: Date()).utf8))
        if let problem = list.brokerProblem { throw OperatorError(problem) }
    }
}
