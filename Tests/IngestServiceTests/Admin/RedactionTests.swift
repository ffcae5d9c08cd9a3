import Contracts
import Foundation
import Testing

@testable import IngestService

@Suite struct RedactionTests {
    @Test func onlyWhatIsKnownToBeHarmlessIsShown() throws {
        let body = #"""
            {"provider":"p","address":{"street":"1 Main St","city":"Boston","zip":"02108","state":"MA","deeper":{"city":"Salem"}},
             "name":"Ada","zip":["x"],"n":7,"acceptance":true,"reason":null,"token":"t"}
            """#
        let text = try #require(Redaction.body(Array(body.utf8)))
        for shown in ["\"p\"", "Boston", "02108", "MA", "true", "null", "\"street\"", "\"token\""] {
            #expect(text.contains(shown), "\(shown) in \(text)")
        }
        for hidden in ["Main", "Salem", "Ada", "\"t\"", "\"x\"", "7"] { #expect(!text.contains(hidden), "\(hidden)") }
    }

    @Test(arguments: ["", "garbage", "[1]", "\"Ada\"", "{\"a\":"])
    func whatIsNoObjectIsNotShown(_ body: String) { #expect(Redaction.body(Array(body.utf8)) == nil) }

    @Test func headersOfOthersAreShownByName() {
        let json = Array(#"{"cloudEvents:id":"1","intake-x":2,"Authorization":"Bearer s","flag":true}"#.utf8)
        #expect(
            Redaction.headers(json, isRaw: false) == [
                "cloudEvents:id": "1", "intake-x": "2", "Authorization": "[redacted]", "flag": "[redacted]",
            ])
        #expect(Redaction.headers(json, isRaw: true)["Authorization"] == "Bearer s")
        #expect(Redaction.headers([0xFF], isRaw: true).isEmpty)
    }

    /// A field that is added to an event must be looked at: is it personal?
    @Test func everyFieldOfTheEventsButTheStreetIsShown() throws {
        let request = Fixture.newRequest()
        let text = try #require(Redaction.body(try Fixture.event(request).body))
        #expect(text.components(separatedBy: Redaction.mark).count == 2)
    }
}
