import Contracts
import Foundation
import Testing

/// Messages as each version once wrote them, byte by byte, never edited: whoever runs now must take all of them.
@Suite struct GoldenMessageTests {
    @Test(arguments: try GoldenMessage.all())
    func everyConsumerTakesIt(_ golden: GoldenMessage) throws {
        let message = try golden.message()
        let type = try #require(message.type)
        #expect(type.rawValue == golden.type)
        for consumer in Consumer.allCases where consumer.takes(type) {
            #expect(throws: Never.self, "\(consumer.rawValue)") { try consumer.read(message) }
        }
    }

    @Test func everyVersionOfEveryEventHasOne() throws {
        let golden = Set(try GoldenMessage.all().map { "\($0.type) \($0.version)" })
        for type in EventType.allCases {
            let schema = try ContractFiles.json("\(ContractFiles.schemas)/\(ContractDocuments.fileName(type))")
            let versions = try #require(schema["x-versions"] as? [String: String])
            for version in versions.keys { #expect(golden.contains("\(type.rawValue) \(version)")) }
        }
    }
}
