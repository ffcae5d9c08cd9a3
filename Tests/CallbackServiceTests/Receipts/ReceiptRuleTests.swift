import Contracts
import Foundation
import ServiceRuntime
import Testing

@testable import CallbackService

@Suite struct ReceiptRuleTests {
    private func condition(_ yaml: String) throws -> BodyCondition {
        let partners = try Partners.parse(
            Array(
                "providers: {a: {url: \"https://h/{providerRequestId}\", receipt: {body: [\(yaml)]}}}".utf8),
            secrets: .ofProcess)
        return try #require(partners["a"]?.receipt.body.first)
    }

    private func isReceipt(_ yaml: String, _ body: String, isCut: Bool = false) throws -> Bool {
        let rule = ReceiptRule(body: [try condition(yaml)])
        return rule.objection(to: AnswerBody(bytes: Array(body.utf8), isCut: isCut)) == nil
    }

    @Test(arguments: [
        ("{pointer: /error, is: absent}", #"{}"#, true),
        ("{pointer: /error, is: absent}", #"{"error":null}"#, true),
        ("{pointer: /error, is: absent}", #"{"error":"unknown serial"}"#, false),
        ("{pointer: /error, is: absent}", #"{"error":false}"#, false),
        ("{pointer: /error, is: absent}", "", false),
        ("{pointer: /error, is: absent}", "OK", false),
        ("{pointer: /error, is: absent}", #"{"error":"a"} trailing"#, false),
        ("{pointer: /error, is: absent}", #"{"error":null,"error":"late"}"#, false),
        ("{pointer: /id, is: present}", #"{"id":0}"#, true),
        ("{pointer: /id, is: present}", #"{"id":null}"#, false),
        ("{pointer: /id, is: present}", #"{}"#, false),
        ("{pointer: /ok, equals: true}", #"{"ok":true}"#, true),
        ("{pointer: /ok, equals: true}", #"{"ok":"true"}"#, false),
        ("{pointer: /ok, equals: \"true\"}", #"{"ok":"true"}"#, true),
        ("{pointer: /code, equals: 0}", #"{"code":0.0}"#, true),
        ("{pointer: /code, equals: 0}", #"{"code":1}"#, false),
        ("{pointer: /code, equals: null}", #"{"code":null}"#, true),
        ("{pointer: /a/0/b~1c, equals: x}", #"{"a":[{"b/c":"x"}]}"#, true),
        ("{pointer: \"\", equals: 1}", "1", true),
        ("{text: ^OK}", "OK, thanks", true),
        ("{text: ^OK}", "not OK", false),
        ("{text: ^OK}", "", false),
        ("{not_text: (?i)error}", "All well", true),
        ("{not_text: (?i)error}", "An ERROR occurred", false),
        ("{not_text: (?i)error}", "", true),
    ])
    func aConditionHoldsOrNot(yaml: String, body: String, expected: Bool) throws {
        #expect(try isReceipt(yaml, body) == expected)
    }

    @Test func aCutBodyIsNoJSONButHasAText() throws {
        #expect(try !isReceipt("{pointer: /error, is: absent}", #"{}"#, isCut: true))
        #expect(try isReceipt("{text: ^OK}", "OK" + String(repeating: ".", count: 20000), isCut: true))
    }

    @Test func theObjectionNamesTheConditionAndNothingOfTheAnswer() throws {
        let rule = ReceiptRule(body: [try condition("{pointer: /error, is: absent}")])
        #expect(
            rule.objection(to: AnswerBody(bytes: Array(#"{"error":"s3cret"}"#.utf8)))
                == "The partner's answer breaks the receipt rule \"/error is absent\".")
        #expect(
            rule.objection(to: AnswerBody(bytes: Array("s3cret".utf8)))?.hasSuffix(": the body is no JSON.") == true)
        #expect(rule.objection(to: AnswerBody(isCut: true))?.hasSuffix(": the body is too long.") == true)
    }

    @Test func statusesAreTakenAsTheFileSays() {
        #expect([200, 204, 299].allSatisfy { ReceiptRule().takes(status: $0) })
        #expect(![199, 300, 404, 500].contains { ReceiptRule().takes(status: $0) })
        let rule = ReceiptRule(statuses: [200, 409])
        #expect(rule.takes(status: 200) && rule.takes(status: 409) && !rule.takes(status: 202))
    }

    /// The examples of RFC 6901, section 5.
    @Test(arguments: [
        ("/foo/0", JSONValue.string("bar")), ("/", .number("0")), ("/a~1b", .number("1")), ("/c%d", .number("2")),
        ("/k\"l", .number("6")), ("/m~0n", .number("8")), ("/foo/2", nil), ("/foo/-", nil), ("/foo/00", nil),
        ("/foo/0/x", nil), ("/none", nil),
    ])
    func aPointerFindsItsPlace(text: String, expected: JSONValue?) throws {
        let json = try JSONValue(
            parsing: Array(#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"k\"l":6,"m~n":8}"#.utf8))
        #expect(try #require(JSONPointer(text)).value(in: json) == expected)
    }

    @Test(arguments: ["foo", "/~", "/~2", "/a~", "#/foo"])
    func whatIsNoPointerIsRefused(text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
