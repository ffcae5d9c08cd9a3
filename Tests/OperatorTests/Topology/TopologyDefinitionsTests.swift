import ArgumentParser
import Contracts
import Crypto
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Operator

@Suite struct TopologyDefinitionsTests {
    /// As far as the tests look at them.
    private struct Definitions: Decodable {
        struct User: Decodable {
            var name: String
            var password_hash: String
        }
        struct Named: Decodable { var name: String }
        struct Policy: Decodable {
            var pattern: String
            var definition: [String: Int]
        }
        var users: [User]
        var queues: [Named]
        var policies: [Policy]
    }

    private func command(_ arguments: [String]) throws -> TopologyDefinitions {
        try #require(
            try Intake.parseAsRoot(["topology", "definitions", "--topology-prefix", "intake"] + arguments)
                as? TopologyDefinitions)
    }

    private func read(_ text: String) throws -> Definitions {
        try JSONDecoder().decode(Definitions.self, from: Data(text.utf8))
    }

    /// A directory with a password for each account.
    private func passwords() throws -> String {
        let directory = try TestDirectory.make("passwords")
        for account in Account.allCases {
            try "p4ss-\(account.rawValue)\r\nwhat this file is\n".write(
                toFile: "\(directory)/\(account.passwordFile)", atomically: true, encoding: .utf8)
        }
        return directory
    }

    @Test func theShippedFileIsWhatTheCommandPrints() throws {
        let shipped = try String(contentsOfFile: Repository.path("deploy/rabbitmq/definitions.json"), encoding: .utf8)
        #expect(
            try command([]).definitions().text() == shipped,
            "renew it: swift run intake topology definitions --topology-prefix intake >deploy/rabbitmq/definitions.json"
        )
    }

    @Test func theyHoldWhatIsDeclaredAndNobodyCanLogIn() throws {
        let definitions = try read(try command([]).definitions().text())
        #expect(definitions.queues.map(\.name) == Topology().declarations.queues.map(\.name))
        #expect(definitions.users.map(\.name) == Account.allCases.map { Topology().user($0) })
        #expect(definitions.users.allSatisfy { $0.password_hash.isEmpty })
    }

    /// A private node has queues of any prefix, and none of the definitions.
    @Test func privateNodesHaveTheSamePolicyForEveryPrefix() throws {
        let shipped = try read(try command([]).definitions().text())
        struct PrivateNode: Decodable { var policies: [Definitions.Policy] }
        let file = try Data(contentsOf: URL(fileURLWithPath: Repository.path("deploy/rabbitmq/private-node.json")))
        let policies = try JSONDecoder().decode(PrivateNode.self, from: file).policies
        #expect(policies.map(\.definition) == shipped.policies.map(\.definition))
        let names =
            Topology(shards: 3).wholeDeclarations.queues.map(\.name)
            + ["portal", "dead", "retry"].map { Topology().callbackQueue(of: $0) }
        for (policy, shipped) in zip(policies, shipped.policies) {
            let (own, theirs) = (try Regex(policy.pattern), try Regex(shipped.pattern))
            for name in names {
                #expect((name.firstMatch(of: own) == nil) == (name.firstMatch(of: theirs) == nil), "\(name)")
            }
        }
    }

    @Test func withShardsTheyHoldThemAndNothingThatLeadsPastThem() throws {
        struct Bindings: Decodable {
            struct Binding: Decodable { var source, destination: String }
            var bindings: [Binding]
        }
        let text = try command(["--shards", "3"]).definitions().text()
        let sharded = Topology(shards: 3)
        #expect(try read(text).queues.map(\.name) == sharded.wholeDeclarations.queues.map(\.name))
        let bindings = try JSONDecoder().decode(Bindings.self, from: Data(text.utf8)).bindings
        for stage in [Stage.geocode, .decision, .progress] {
            let sources = bindings.filter { $0.destination.hasPrefix("intake.\(stage.rawValue)") }
                .filter { !$0.destination.contains(".retry.") && !$0.destination.hasSuffix(".dead") }
                .filter { !$0.destination.hasSuffix(".shards") }.map(\.source)
            #expect(sources == Array(repeating: sharded.shardExchange(stage), count: 3), "\(stage)")
        }
        #expect(text.contains(#""arguments":{"hash-property":"correlation_id"}"#))
    }

    @Test(arguments: ["0", "-1", "abc", "1000", "65", "1.5", ""])
    func aNumberOfShardsThatIsNoneIsRefused(_ text: String) {
        #expect(throws: (any Error).self) { try command(["--shards=\(text)"]) }
    }

    @Test func aHashIsSaltedAndOfTheFirstLine() throws {
        let directory = try passwords()
        let texts = try (0..<2).map { _ in try command(["--passwords", directory]).definitions().text() }
        #expect(texts[0] != texts[1], "a new salt each time")
        for (user, account) in zip(try read(texts[0]).users, Account.allCases) {
            let bytes = try #require(Data(base64Encoded: user.password_hash))
            #expect(bytes.count == 36)
            let salted = bytes.prefix(4) + Data("p4ss-\(account.rawValue)".utf8)
            #expect(Data(SHA256.hash(data: salted)) == bytes.suffix(32))
        }
        #expect(!texts[0].contains("p4ss"))
    }

    /// From RabbitMQ's own description: https://www.rabbitmq.com/docs/passwords
    @Test func aHashIsComputedAsRabbitMQDoes() {
        let hash = PasswordHash(of: Array("test12".utf8), salt: [0x90, 0x8D, 0xC6, 0x0A])
        #expect(hash.text == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR")
    }

    @Test func everyMissingOrEmptyPasswordIsNamed() throws {
        let directory = try passwords()
        try FileManager.default.removeItem(atPath: "\(directory)/broker-callback")
        try "\nsecond line\n".write(toFile: "\(directory)/broker-monitor", atomically: true, encoding: .utf8)
        let error = #expect(throws: CommandError.self) {
            try command(["--passwords", directory]).definitions()
        }
        #expect(
            error?.description
                == "\(directory)/broker-callback cannot be read: No such file or directory; \(directory)/broker-monitor has an empty first line"
        )
    }

    @Test func aWrongPrefixIsNamed() throws {
        let wrong = try #require(
            try Intake.parseAsRoot(["topology", "definitions", "--topology-prefix", "in.take"]) as? TopologyDefinitions)
        let error = #expect(throws: CommandError.self) { try wrong.definitions() }
        #expect(error?.description.contains("'in.take'") == true)
    }

    @Test func theFileIsWholeAndItsGroupMayReadIt() throws {
        let directory = try TestDirectory.make("output")
        let path = "\(directory)/definitions.json"
        try "old".write(toFile: path, atomically: true, encoding: .utf8)
        try command(["--output", path]).run()
        #expect(try read(String(contentsOfFile: path, encoding: .utf8)).users.count == Account.allCases.count)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["definitions.json"])
    }

    @Test func whatCannotBeWrittenLeavesNothingBehind() throws {
        let directory = try TestDirectory.make("output")
        // A directory is in the file's place.
        let path = "\(directory)/definitions.json"
        try FileManager.default.createDirectory(atPath: "\(path)/full", withIntermediateDirectories: true)
        let error = #expect(throws: CommandError.self) { try command(["--output", path]).run() }
        #expect(error?.description.hasPrefix("\(path) cannot be written: ") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["definitions.json"])
        #expect(throws: CommandError.self) { try command(["--output", "\(directory)/absent/a.json"]).run() }
    }
}
