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

    /// The description that readers and writers come from names the fields of the schema, and which must be there.
    @Test(arguments: EventType.allCases)
    func theDescriptionOfTheFieldsIsTheSchemas(_ type: EventType) throws {
        // The schemas' elements of lists are definitions of their own.
        let listed = type.fields.filter { !$0.path.contains("[]") }
        let described = Dictionary(uniqueKeysWithValues: listed.map { ($0.path, $0.isRequired) })
        let fields = try SchemaFields(type)
        for (path, isRequired) in fields.required { #expect(described["\(path)"] == isRequired, "\(path)") }
        #expect(described.count == fields.required.count)
    }

    /// Of all events the street alone says where a person lives, and an excerpt may hold what a partner wrote.
    @Test func whatIsPersonalIsMarked() {
        let personal = EventType.allCases.flatMap { type in
            type.fields.filter(\.isPersonal).map { "\(type.rawValue): \($0.path)" }
        }
        #expect(personal == ["request.accepted: address.street", "callback.attempted: excerpt"])
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
