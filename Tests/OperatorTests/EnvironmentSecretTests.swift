import ArgumentParser
import Broker
import DeadLetters
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Operator

/// Secrets of the operator's environment.
@Suite
struct EnvironmentSecretTests {
    @Test func theVariableOrTheFileThatItNames() throws {
        let path = "\(try TestDirectory.make("secret"))/admin-token"
        try "from the file\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try EnvironmentSecret.read("admin.token", from: ["INTAKE_ADMIN_TOKEN": "t"]) == "t")
        #expect(try EnvironmentSecret.read("admin.token", from: ["INTAKE_ADMIN_TOKEN_FILE": path]) == "from the file")
        #expect(try EnvironmentSecret.read("token", from: ["INTAKE_TOKEN_FILE": path]) == "from the file")
        #expect(try EnvironmentSecret.read("admin.token", from: [:]) == nil)
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        let path = "\(try TestDirectory.make("secret"))/none"
        let error = #expect(throws: CommandError.self) {
            try EnvironmentSecret.read("admin.token", from: ["INTAKE_ADMIN_TOKEN_FILE": path])
        }
        #expect(
            error?.description
                == "INTAKE_ADMIN_TOKEN_FILE (admin.token-file): \(path) cannot be read: No such file or directory")
    }

    @Test func theBrokersPasswordComesFromTheFileUnlessOneIsTyped() throws {
        let path = "\(try TestDirectory.make("secret"))/broker-operator"
        try "from the file\n".write(toFile: path, atomically: true, encoding: .utf8)
        let environment = [
            "INTAKE_BROKER_URL": "amqp://intake-operator@mq/", "INTAKE_BROKER_PASSWORD_FILE": path,
        ]
        func credentials(_ flags: [String]) throws -> ConnectionConfiguration.Credentials {
            let command = try Intake.parseAsRoot(["dead", "replay", "--stage", "callback"] + flags) as? DeadReplay
            return try #require(command).broker.target(environment).connection.credentials
        }
        #expect(try credentials([]) == .plain(user: "intake-operator", password: "from the file"))
        #expect(
            try credentials(["--broker-url", "amqp://other@mq2/"]) == .plain(user: "other", password: "from the file"))
        #expect(
            try credentials(["--broker-url", "amqp://other:typed@mq2/"]) == .plain(user: "other", password: "typed"))
    }

    @Test func theFlagIsOverBoth() throws {
        let command = try #require(
            try Intake.parseAsRoot(["dead", "list", "--admin-token", "typed"]) as? DeadList)
        #expect(throws: Never.self) { try command.admin.api(["INTAKE_ADMIN_TOKEN_FILE": "/nonexistent"]) }
        let without = try #require(try Intake.parseAsRoot(["dead", "list"]) as? DeadList)
        #expect(throws: CommandError.self) { try without.admin.api(["INTAKE_ADMIN_TOKEN_FILE": "/nonexistent"]) }
    }
}
