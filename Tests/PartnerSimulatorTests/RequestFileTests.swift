import Foundation
import NIOCore
import Terminal
import Testing

@testable import PartnerSimulator

@Suite struct RequestFileTests {
    private func read(
        _ text: String, prefix: String = "", expected: ExpectedDecisions? = nil
    ) throws(CommandError) -> [SimulatedRequest] {
        try RequestFile(content: Data(text.utf8), name: "r.jsonl", prefix: prefix, expected: expected).requests
    }

    @Test func aLineIsPostedAsItStands() throws {
        let requests = try read(
            """
            {"providerRequestId": "a-1",  "name":"Zoë"}

            {"ProviderRequestId":"a-2"}\r

            """)
        #expect(requests.map(\.id) == ["a-1", "a-2"])
        #expect(String(buffer: requests[0].body) == #"{"providerRequestId": "a-1",  "name":"Zoë"}"#)
    }

    @Test func aPrefixGoesIntoTheIdAndIntoTheBody() throws {
        let expected = try ExpectedDecisions(text: "providerRequestId,acceptance\na-1,false", name: "e.csv")
        let requests = try read(#"{"n":1,"ProviderRequestId":"a-1"}"#, prefix: "p-", expected: expected)
        #expect(requests.map(\.id) == ["p-a-1"])
        #expect(String(buffer: requests[0].body) == #"{"n":1,"ProviderRequestId":"p-a-1"}"#)
        #expect(requests[0].expected == false)
    }

    @Test(
        arguments: [
            ("", "r.jsonl: holds no request"),
            ("\n  \n", "r.jsonl: holds no request"),
            ("{\"providerRequestId\":\"a\"}\n{oops", "r.jsonl, line 2: not a JSON object"),
            ("[1]", "r.jsonl, line 1: not a JSON object"),
            ("\n{\"name\":\"a\"}", "r.jsonl, line 2: providerRequestId is missing or not text"),
            ("{\"providerRequestId\":7}", "r.jsonl, line 1: providerRequestId is missing or not text"),
            ("{\"providerRequestId\":\"\"}", "r.jsonl, line 1: providerRequestId is missing or not text"),
            (
                "{\"providerRequestId\":\"a\"}\n\n{\"providerRequestId\":\"a\"}",
                "r.jsonl, line 3: has the same providerRequestId as line 1"
            ),
        ])
    func aFaultyLineIsNamed(text: String, problem: String) {
        #expect(throws: CommandError(problem)) { try read(text) }
    }

    @Test func aFileThatIsNotThereIsNamed() {
        #expect(throws: CommandError("/not/there.jsonl cannot be read")) {
            try RequestFile(path: "/not/there.jsonl", prefix: "", expected: nil)
        }
        #expect(throws: CommandError("/not/there.csv cannot be read")) {
            try ExpectedDecisions(path: "/not/there.csv")
        }
    }

    @Test func expectationsAreFoundByTheNamesOfTheirColumns() throws {
        let expected = try ExpectedDecisions(
            text: """
                note,acceptance,providerRequestId\r
                "a, ""quoted"" note",true,a-1\r

                ,FALSE,"a,2"
                """, name: "e.csv")
        #expect(expected["a-1"] == true)
        #expect(expected["a,2"] == false)
        #expect(expected["a-3"] == nil)
    }

    @Test(
        arguments: [
            ("", "e.csv: the first line must name the columns providerRequestId and acceptance"),
            ("id,acceptance\na,true", "e.csv: the first line must name the columns providerRequestId and acceptance"),
            ("providerRequestId,acceptance\na", "e.csv, line 2: does not have the 2 columns of the first line"),
            ("providerRequestId,acceptance\n\"a,true", "e.csv, line 2: does not have the 2 columns of the first line"),
            ("providerRequestId,acceptance\na,maybe", "e.csv, line 2: acceptance must be true or false"),
            (
                "providerRequestId,acceptance\na,true\na,true",
                "e.csv, line 3: has the same providerRequestId as an earlier line"
            ),
        ])
    func aFaultyExpectationIsNamed(text: String, problem: String) {
        #expect(throws: CommandError(problem)) {
            try ExpectedDecisions(text: text, name: "e.csv")
        }
    }
}
