import NIOCore
import Testing

@testable import PartnerSimulator

@Suite struct CallbackBodyTests {
    @Test(
        arguments: [
            (#"{"acceptance":true,"status":"new"}"#, true), (#"{"acceptance":false,"status":"new"}"#, false),
            (#"{"status":"new", "acceptance": true}"#, true), (#" { "acceptance" : false , "more" : [1] } "#, false),
        ])
    func theAcceptanceIsFoundWhereverItStands(text: String, acceptance: Bool) {
        #expect(CallbackBody.acceptance(ByteBuffer(string: text)) == acceptance)
    }

    @Test(arguments: ["", "{}", "true", #"{"acceptance":1}"#, #"{"acceptance":"true"}"#, #"{"acceptance":true"#, "[]"])
    func anythingElseIsMalformed(text: String) {
        #expect(CallbackBody.acceptance(ByteBuffer(string: text)) == nil)
    }
}
