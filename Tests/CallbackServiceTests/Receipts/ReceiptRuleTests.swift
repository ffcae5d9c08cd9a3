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
        ("{pointer: /ok, equals: yes}", #"{"ok":true}"#, true), ("{pointer: /ok, equals: Off}", #"{"ok":false}"#, true),
        ("{pointer: /ok, equals: !!str true}", #"{"ok":"true"}"#, true),
        ("{pointer: /code, equals: -1.5e1}", #"{"code":-15}"#, true),
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
        ("{pointer: /ok, equals: true}", "\u{FEFF}{\"ok\":true}", true),
        ("{pointer: /ok, equals: true}", "\u{FEFF}\u{FEFF}{\"ok\":true}", false),
        ("{text: ^OK$}", "\u{FEFF}OK", true),
        ("{text: 'done\\.'}", "It is done.", true),
        ("{text: 'a.b'}", "a\nb", false),
        ("{text: '(?s)a.b'}", "a\nb", true),
        ("{text: '^\\pL+$'}", "Empfängt", true),
        ("{text: '\\x00'}", "a\u{0}b", true),
    ])
    func aConditionHoldsOrNot(yaml: String, body: String, expected: Bool) throws {
        #expect(try isReceipt(yaml, body) == expected)
    }

    /// Whatever the pattern and the text, the time has an end that no other partner notices.
    @Test(arguments: [
        "error.*failed", #"^(\w+\s?)+$"#, "(a+)+$", "(a|a)*b", "(.*)*x", "(x+x+)+y", #"^(([a-z])+.)+[A-Z]([a-z])+$"#,
        "(?:a|b)*a(?:a|b){20}c", ".*.*.*.*=.*", #"\s+$"#, "(a?){50}a{50}",
    ])
    func noPatternTakesLong(pattern: String) throws {
        let pattern = try TextPattern(pattern)
        for unit in ["a", "ab", "error ", "word ", " ", "x", "=", "ä"] {
            let text = String(repeating: unit, count: TextPattern.longestText / unit.utf8.count)
            let duration = ContinuousClock().measure { for _ in 0..<10 { _ = pattern.isFound(in: text) } }
            // A hundred times what it takes; a backtracking matcher takes minutes.
            #expect(duration < .seconds(2), "\(unit)")
        }
    }

    @Test(arguments: [
        (#"(a)\1"#, #"invalid escape sequence: \1"#), ("(?=a)", "invalid perl operator: (?="),
        ("(?<!a)b", "invalid perl operator: (?<"), ("[", "missing ]: ["),
        ("a{2000}", "invalid repetition size: {2000}"),
        (#"\pL{600}"#, "pattern too large - compile failed"),
    ])
    func whatCannotBeMatchedInLinearTimeIsNoPattern(text: String, reason: String) {
        #expect(throws: TextPattern.Problem("is not a regular expression that RE2 takes: \(reason)")) {
            try TextPattern(text)
        }
    }

    @Test func aPatternHasALongestLength() throws {
        #expect(throws: Never.self) { try TextPattern(String(repeating: "a", count: 512)) }
        #expect(throws: TextPattern.Problem("is longer than 512 bytes")) {
            try TextPattern(String(repeating: "a", count: 513))
        }
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
