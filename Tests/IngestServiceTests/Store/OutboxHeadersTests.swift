import Contracts
import Testing

@testable import IngestService

@Suite struct OutboxHeadersTests {
    @Test func whatIsWrittenIsRead() throws {
        let headers: EventHeaders = [
            "cloudEvents:type": .string("request.accepted"),
            "quoted \"name\"": .string("a\\b \"c\"\n\t\u{0}\u{1F} Zoë 😀"),
            "empty": .string(""), "count": .int(-7), "flag": .bool(true), "other flag": .bool(false),
            "largest": .int(.max),
        ]
        #expect(try OutboxHeaders.decode(OutboxHeaders.encode(headers)) == headers)
        #expect(try OutboxHeaders.decode(OutboxHeaders.encode([:])) == [:])
    }

    @Test func whatOnlyABrokerAddsIsLeftOut() throws {
        let headers: EventHeaders = ["x-deadLettering": .other, "a": .string("b"), "x": .other]
        #expect(try OutboxHeaders.decode(OutboxHeaders.encode(headers)) == ["a": .string("b")])
    }

    @Test(arguments: ["", "{", "[]", #"{"a":{}}"#])
    func whatIsNoObjectIsUnreadable(_ text: String) {
        let error = #expect(throws: StoreError.self) { try OutboxHeaders.decode(Array(text.utf8)) }
        #expect(error?.code == .unreadable)
    }
}
