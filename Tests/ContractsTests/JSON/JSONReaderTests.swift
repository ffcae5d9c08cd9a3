import Contracts
import Testing

@Suite struct JSONReaderTests {
    @Test func membersComeInOrderWithTheirValues() throws {
        let text = #" { "a" : "x", "b":null, "c":[1,{"d":[]}] ,"a":-1.5e+3,"e":{} , "f":true} "#
        guard case .object(let object) = try JSONValue(parsing: Array(text.utf8)) else {
            Issue.record("not an object")
            return
        }
        #expect(object.members.map(\.name) == ["a", "b", "c", "a", "e", "f"])
        #expect(object["b"] == .null)
        #expect(object["f"] == .bool(true))
        #expect(object["a"] == .number("-1.5e+3"), "the last of a repeated name")
        #expect(object["g"] == nil)
        guard case .array(let elements) = object["c"], case .object(let nested) = elements.last else {
            Issue.record("not nested")
            return
        }
        #expect(elements.first == .number("1"))
        #expect(nested["d"] == .array([]))
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\/b\\\"""#, #"a/b\""#), (#""\b\f\n\r\t""#, "\u{08}\u{0C}\n\r\t"),
        (#""\u0041\u00e9\uD83D\uDE00""#, "A\u{E9}\u{1F600}"),
        ("\"Zo\u{EB} \u{1F600}\u{7F}\"", "Zo\u{EB} \u{1F600}\u{7F}"),
        (#""\u0000""#, "\u{0}"), (#""before\tbetween\tafter""#, "before\tbetween\tafter"),
    ])
    func stringsAreUnescaped(_ json: String, _ text: String) throws {
        #expect(try JSONValue(parsing: Array(json.utf8)) == .string(text))
    }

    @Test(arguments: [
        "", " ", "{", "}", "nul", "truex", "True", #"{"a":1,}"#, #"{,"a":1}"#, #"{"a" 1}"#, #"{"a":}"#, #"{a:1}"#,
        #"{'a':1}"#,
        #"{"a":1 "b":2}"#, #"{"a":1}}"#, "{} {}", "[1,]", "[,1]", "[1 2]", "[", "[1", "01", "-", "+1", "1.", ".5", "1e",
        "1e+",
        "0x1", "NaN", "Infinity", #"""#, #""\x""#, #""\u12""#, #""\u12G4""#, #""\uD800""#, #""\uDC00""#,
        #""\uD800\u0041""#,
        "\"a\nb\"", "\"a\\tb\nc\"", "\"\u{0}\"", "\u{FEFF}{}", "/**/{}", "{}\u{0}", "\u{A0}{}", #"{"a":"b"#, #""a\"#,
    ])
    func whatTheStandardDoesNotAllowIsMalformed(_ text: String) {
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3]] as [[UInt8]])
    func bytesThatAreNotUTF8AreMalformed(_ bytes: [UInt8]) {
        for prefix in ["", "\\n"] {
            let text = Array("{\"a\":\"\(prefix)".utf8) + bytes + Array(#""}"#.utf8)
            #expect(throws: MalformedJSON.self) { try JSONValue(parsing: text) }
        }
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: bytes) }
    }

    @Test func deepNestingIsRefusedBeforeItHurts() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 60_000)
        #expect(throws: MalformedJSON.self) { try JSONValue(parsing: deep) }
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONValue(parsing: Array(allowed.utf8)) }
    }
}
