import ArgumentParser
import Contracts
import Foundation
import ServiceRuntime
import Terminal

/// Into how many queues a stage is split, on a command line; as `INTAKE_SHARDS` says it.
struct ShardCount: ExpressibleByArgument, Equatable {
    var count: Int

    /// `nil` for what is no number that a stage can be split into.
    init?(argument: String) {
        guard let count = Int(foreign: argument[...], in: 1...Topology.mostShards) else { return nil }
        self.count = count
    }

    /// What the flag says, or else the environment.
    /// - Throws: `CommandError` when the environment says what is no such number.
    static func chosen(_ flag: ShardCount?, _ settings: inout Settings) throws(CommandError) -> Int {
        if let flag { return flag.count }
        let count = settings.int("shards", default: 1, in: 1...Topology.mostShards)
        if let problem = settings.problems.first { throw CommandError(problem.description) }
        return count
    }
}
