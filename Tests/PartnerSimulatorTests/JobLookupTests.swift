import Foundation
import Testing

@testable import PartnerSimulator

@Suite struct JobLookupTests {
    @Test(
        arguments: [
            (#"{"status":"in-progress","stage":"geocode"}"#, ["in-progress", "geocode"]),
            (
                #"{"status":"in-progress","stage":"callback","retry":{"error":{"code":"http-500"}}}"#,
                ["in-progress", "callback", "http-500"]
            ),
            (
                #"{"status":400,"job":{"status":"failed","stage":"callback"},"error":{"code":"unusable-id"}}"#,
                ["failed", "callback", "unusable-id"]
            ),
            ("<html>", []), ("[1]", []), ("", []),
        ])
    func aJobIsSummedUp(json: String, words: [String]) {
        #expect(JobLookup.words(Data(json.utf8)) == words)
    }
}
