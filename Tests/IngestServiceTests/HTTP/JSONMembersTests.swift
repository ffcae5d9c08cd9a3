import HTTPTypes
import Testing

@testable import IngestService

@Suite struct JSONMembersTests {
    @Test func membersComeInOrderWithTheirValues() throws {
        let text = #" { "a" : "x", "b":null, "c":[1,{"d":[]}] ,"a":-1.5e+3,"e":{} , "f":true} "#
        let members = try #require(try JSONMembers.parse(Array(text.utf8)))
        #expect(members.map(\.name) == ["a", "b", "c", "a", "e", "f"])
        #expect(members.map(\.value) == [.string("x"), .null, .other, .other, .other, .other])
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\/b\\\"""#, #"a/b\""#), (#""\b\f\n\r\t""#, "\u{08}\u{0C}\n\r\t"),
        (#""\u0041\u00e9\uD83D\uDE00""#, "A\u{E9}\u{1F600}"),
        ("\"Zo\u{EB} \u{1F600}\u{7F}\"", "Zo\u{EB} \u{1F600}\u{7F}"),
        (#""\u0000""#, "\u{0}"),
    ])
    func stringsAreUnescaped(_ json: String, _ text: String) throws {
        let members = try #require(try JSONMembers.parse(Array("{\"a\":\(json)}".utf8)))
        #expect(members.map(\.value) == [.string(text)])
    }

    @Test(arguments: ["[]", "17", "-0", "0.5", "1E5", "true", "null", #""text""#, "[[[1,2],3],{}]", " \r\n\t[ ] "])
    func whatIsNoObjectIsNil(_ text: String) throws { #expect(try JSONMembers.parse(Array(text.utf8)) == nil) }

    @Test(arguments: [
        "", " ", "{", "}", "nul", "truex", "True", #"{"a":1,}"#, #"{,"a":1}"#, #"{"a" 1}"#, #"{"a":}"#, #"{a:1}"#,
        #"{'a':1}"#,
        #"{"a":1 "b":2}"#, #"{"a":1}}"#, "{} {}", "[1,]", "[,1]", "[1 2]", "[", "[1", "01", "-", "+1", "1.", ".5", "1e",
        "1e+",
        "0x1", "NaN", "Infinity", #"""#, #""\x""#, #""\u12""#, #""\u12G4""#, #""\uD800""#, #""\uDC00""#,
        #""\uD800\u0041""#,
        "\"a\nb\"", "\"\u{0}\"", "\u{FEFF}{}", "/**/{}", "{}\u{0}", "\u{A0}{}", #"{"a":"b"#,
    ])
    func whatTheStandardDoesNotAllowIsMalformed(_ text: String) {
        #expect(throws: JSONMembers.Malformed.self) { try JSONMembers.parse(Array(text.utf8)) }
        let problem = #expect(throws: Problem.self) { try SubmissionBody.parse(Array(text.utf8)) }
        #expect(problem?.status == .badRequest)
    }

    @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3]] as [[UInt8]])
    func bytesThatAreNotUTF8AreMalformed(_ bytes: [UInt8]) {
        let text = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
        #expect(throws: JSONMembers.Malformed.self) { try JSONMembers.parse(text) }
    }

    @Test func deepNestingIsRefusedBeforeItHurts() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 60_000)
        #expect(throws: JSONMembers.Malformed.self) { try JSONMembers.parse(deep) }
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONMembers.parse(Array(allowed.utf8)) }
    }
}
