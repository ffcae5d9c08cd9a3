import HTTPListener
import HTTPTypes
import Testing

@testable import IngestService

@Suite struct IdempotencyKeyTests {
    @Test(arguments: [
        "k", "8e03978e-40d5-43dd-bc93-6894a57f9324", String(repeating: "k", count: 255), "\"quoted\"", #""a\"b\\c""#,
        "a\"b",
    ])
    func aKeyIsVisibleASCII(_ value: String) throws { #expect(try key(value) != nil) }

    @Test(arguments: [
        "", "\"\"", "two words", "\"two words\"", "\"open", "\"", #""a\b""#, #""a"b""#, #""a\""#, "é", "a\tb",
        String(repeating: "k", count: 256),
    ])
    func anythingElseIsRefused(_ value: String) {
        #expect(throws: Problem.self) { try key(value) }
    }

    @Test func quotesAreNoPartOfIt() throws {
        #expect(try key("\"k\"") == key("k"))
        #expect(try key(#""a\"b\\c""#) == key(#"a"b\c"#))
        #expect(try key("k") != key("K"))
    }

    @Test func itIsGivenOnceOrNotAtAll() throws {
        #expect(try IdempotencyKey.of([:]) == nil)
        var headers = HTTPFields()
        for value in ["a", "a"] { headers.append(HTTPField(name: .idempotencyKey, value: value)) }
        #expect(throws: Problem.self) { try IdempotencyKey.of(headers) }
    }

    private func key(_ value: String) throws -> IdempotencyKey? { try IdempotencyKey.of([.idempotencyKey: value]) }
}

@Suite struct IdempotencyClaimTests {
    @Test func aFingerprintTellsSubmissionsApart() throws {
        let key = try #require(try IdempotencyKey.of([.idempotencyKey: "k"]))
        func print(_ submission: Submission) -> [UInt8] {
            IdempotencyClaim(key: key, submission: submission).fingerprint
        }
        let base = Fixture.submission(providerRequestID: "R-1")
        #expect(print(base) == print(Fixture.submission(providerRequestID: "R-1")))
        #expect(print(base) != print(Fixture.submission(providerRequestID: "R-2")))
        #expect(
            print(Fixture.submission(providerRequestID: "ab", name: "c"))
                != print(Fixture.submission(providerRequestID: "a", name: "bc")))
        #expect(
            print(Fixture.submission(providerRequestID: "R-1", providerData: nil))
                != print(Fixture.submission(providerRequestID: "R-1", providerData: "")))
    }
}
