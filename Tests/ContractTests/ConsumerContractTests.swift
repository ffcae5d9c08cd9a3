import Contracts
import Foundation
import Testing

/// The consumers' side of their contracts: each says what it needs, all of it and no more. That producers emit it is
/// verified by deploy/contracts.
@Suite struct ConsumerContractTests {
    @Test(arguments: try PactFile.all())
    func theConsumerTakesExactlyItsExample(_ pact: PactFile) throws {
        for need in pact.needs {
            #expect(throws: Never.self, "\(need.description)") { try pact.consumer.read(need.message()) }
        }
    }

    /// A field without which nothing is read differently is none that is needed: the contract would bind for nothing.
    @Test(arguments: try PactFile.all())
    func theConsumerNeedsEachFieldOfItsExample(_ pact: PactFile) throws {
        for need in pact.needs where !need.isPending {
            let whole = "\(try pact.consumer.read(need.message()))"
            for path in JSONPath.all(in: need.content) {
                for mutant in [path.removed(from: need.content), path.renamed(in: need.content)] {
                    let read = Result { "\(try pact.consumer.read(need.message(mutant)))" }
                    #expect((try? read.get()) != whole, "\(need.description) says that it needs \(path)")
                }
            }
        }
    }

    @Test(arguments: try PactFile.all())
    func fieldsOfTheFutureDisturbNoConsumer(_ pact: PactFile) throws {
        for need in pact.needs {
            var richer = need.content
            richer["addedLater"] = ["deep": [1, 2], "flag": true]
            for (name, value) in need.content {
                guard var inner = value as? [String: Any] else { continue }
                inner["addedLater"] = NSNull()
                richer[name] = inner
            }
            let (plain, fuller) = (try need.message(), try need.message(richer))
            #expect("\(try pact.consumer.read(fuller))" == "\(try pact.consumer.read(plain))", "\(need.description)")
        }
    }

    @Test func everyEventThatAConsumerTakesHasAContract() throws {
        let pacts = try PactFile.all()
        for consumer in Consumer.allCases {
            let stated = Set(
                pacts.filter { $0.consumer == consumer }.flatMap(\.needs).compactMap { $0.metadata["cloudEvents:type"] }
            )
            let taken = Set(EventType.allCases.filter(consumer.takes).map(\.rawValue))
            #expect(stated == taken, "\(consumer.rawValue)")
        }
    }
}
