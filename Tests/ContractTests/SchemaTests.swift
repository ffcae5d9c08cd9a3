import ContractMessages
import Contracts
import Foundation
import Testing

/// The schemas say what the types do. That made-up messages validate is seen by deploy/contracts, with a validator.
@Suite struct SchemaTests {
    @Test(arguments: EventType.allCases)
    func itsNameIsThatOfTheMessages(_ type: EventType) throws {
        var events = MadeUpEvents(seed: 1)
        let schema = try ContractFiles.json("\(ContractFiles.schemas)/\(ContractDocuments.fileName(type))")
        let header = try events.message(type).headers[EventMessage.Header.dataSchema]
        #expect(header?.string == schema["$id"] as? String)
    }

    @Test(arguments: EventType.allCases)
    func whatIsWrittenComesBack(_ type: EventType) throws {
        var events = MadeUpEvents(seed: 2)
        for _ in 0..<200 {
            let message = try events.message(type)
            let read = try AnyEvent.read(message)
            #expect("\(try AnyEvent.read(EventMessage(headers: message.headers, body: message.body)))" == "\(read)")
        }
    }

    @Test(arguments: EventType.allCases)
    func everyFieldThatIsWrittenIsInItAndTheOtherWayRound(_ type: EventType) throws {
        var events = MadeUpEvents(seed: 3)
        var written: Set<JSONPath> = []
        for _ in 0..<200 {
            let body = try JSONSerialization.jsonObject(with: Data(events.message(type).body))
            written.formUnion(JSONPath.all(in: try #require(body as? [String: Any])))
        }
        let fields = try SchemaFields(type)
        #expect(Set(fields.required.keys) == written)
    }

    /// The reader's idea of what is required is the schema's.
    @Test(arguments: EventType.allCases)
    func aFieldIsRequiredExactlyWhereReadersNeedIt(_ type: EventType) throws {
        let fields = try SchemaFields(type)
        var events = MadeUpEvents(seed: 4)
        let headers = try events.message(type).headers
        let example = try #require(fields.examples.first)
        for (path, isRequired) in fields.required {
            let body = try JSONSerialization.data(withJSONObject: path.removed(from: example))
            let message = EventMessage(headers: headers, body: [UInt8](body))
            let isRefused = (try? AnyEvent.read(message)) == nil  // Why it is refused does not matter here.
            #expect(isRefused == isRequired, "\(path)")
        }
    }

    @Test(arguments: EventType.allCases)
    func itsExamplesAreRead(_ type: EventType) throws {
        let fields = try SchemaFields(type)
        var events = MadeUpEvents(seed: 5)
        let headers = try events.message(type).headers
        #expect(!fields.examples.isEmpty)
        for example in fields.examples {
            let body = try JSONSerialization.data(withJSONObject: example)
            #expect(throws: Never.self) {
                try AnyEvent.read(EventMessage(headers: headers, body: [UInt8](body)))
            }
        }
    }

    @Test func thereAreNoOthers() throws {
        let files = try ContractFiles.list(ContractFiles.schemas, suffix: ".json")
        #expect(Set(files) == Set(EventType.allCases.map(ContractDocuments.fileName)))
    }

    @Test(arguments: EventType.allCases)
    func theExecutablesHoldWhatIsInTheFile(_ type: EventType) throws {
        let file = try ContractFiles.bytes("\(ContractFiles.schemas)/\(ContractDocuments.fileName(type))")
        #expect(ContractDocuments.schema(type) == file)
    }
}
