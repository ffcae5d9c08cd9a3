import ArgumentParser
import Contracts
import Foundation
import Terminal
import TestSupport
import Testing

@testable import ContractTool

@Suite struct ContractsCommandTests {
    @Test func thisVersionBreaksNothingThatWasReleased() throws {
        let command = try #require(
            try ContractTool.parseAsRoot(
                ["check", "--against", Repository.path("Sources/Contracts/Released")]) as? ContractsCheck)
        #expect(try command.check().isEmpty)
    }

    @Test func aDirectoryWithoutSchemasIsNamed() throws {
        let directory = try TestDirectory.make("contracts")
        for path in [directory, directory + "/absent"] {
            let command = try #require(
                try ContractTool.parseAsRoot(["check", "--against", path]) as? ContractsCheck)
            let error = #expect(throws: CommandError.self) { try command.check() }
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test func aFileThatIsNoSchemaIsNamed() throws {
        let directory = try TestDirectory.make("contracts")
        try Data("[]".utf8).write(to: URL(fileURLWithPath: directory + "/a.v1.json"))
        let error = #expect(throws: CommandError.self) { try SchemaSet(directory: directory) }
        #expect(error?.description == "\(directory)/a.v1.json is not a JSON object")
    }

    @Test func thePageShowsEveryEventWithWhoSaysTakesAndNeedsIt() throws {
        let command = try #require(
            try ContractTool.parseAsRoot(["docs", "--pacts", Repository.path("Tests/ContractTests/Pacts")])
                as? ContractsDocs)
        let page = try command.html()
        for type in EventType.allCases { #expect(page.contains("<section id=\"\(type.rawValue)\">")) }
        #expect(page.contains("<svg "))
        #expect(page.contains("Said by geocode-service, ingest-service. Taken by decision-service, ingest-service."))
        #expect(page.contains("<code>location.precision</code>"))
        #expect(page.contains("<td>decision-service<br>ingest-service</td>"))
        #expect(!page.contains("Optional("))
    }

    @Test func textIsEscaped() {
        #expect("<a href=\"x\">&".escapedForHTML == "&lt;a href=&quot;x&quot;&gt;&amp;")
    }
}
