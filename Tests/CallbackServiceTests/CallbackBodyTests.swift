import Contracts
import NIOCore
import Testing

@testable import CallbackService

@Suite struct CallbackBodyTests {
    private func text(_ body: CallbackBody, _ notice: Notice) -> String {
        String(buffer: body.bytes(notice))
    }

    @Test func theDefaultIsTheTwoFieldsAlone() {
        let body = CallbackBody()
        #expect(text(body, Notice(.fixture())) == #"{"acceptance":true,"status":"new"}"#)
        #expect(
            text(body, Notice(Event<RequestDecided>.fixture(acceptance: false)))
                == #"{"acceptance":false,"status":"new"}"#)
        let changed = Notice(Event<RequestStatusChanged>.change(status: .assigned))
        #expect(text(body, changed) == #"{"acceptance":true,"status":"in progress"}"#)
    }

    @Test(arguments: [
        (RequestStatus.new, "new"), (.assigned, "in progress"), (.scheduled, "scheduled"), (.completed, "installed"),
        (.canceled, "canceled"), (RequestStatus(rawValue: "of-later-days"), "of-later-days"),
    ])
    func statusesHaveTheirWords(status: RequestStatus, word: String) {
        let notice = Notice(Event<RequestStatusChanged>.change(status: status))
        #expect(text(CallbackBody(), notice) == #"{"acceptance":true,"status":"\#(word)"}"#)
    }

    @Test func fieldsAndStatusesGoByThePartnersNames() {
        let body = CallbackBody(
            names: [.acceptance: "isAccepted", .status: "ßtatus \"s\""], statuses: [.new: "NEW", .completed: "done"])
        #expect(text(body, Notice(.fixture())) == #"{"isAccepted":true,"ßtatus \"s\"":"NEW"}"#)
    }

    /// What has no value is left out, and never null.
    @Test func fullTellsAllThereIs() {
        let body = CallbackBody(detail: .full, names: [.organization: "org"])
        let id = "01020304-0506-7708-890a-0b0c0d0e0f10"
        #expect(
            text(body, Notice(.fixture()))
                == #"{"acceptance":true,"status":"new","requestId":"\#(id)","sequence":1,"reason":"state_covered","#
                + #""rule":"state:TX","org":"relief","precision":"zip"}"#)
        #expect(
            text(body, Notice(Event<RequestStatusChanged>.change(status: .scheduled, sequence: 3)))
                == #"{"acceptance":true,"status":"scheduled","requestId":"\#(id)","sequence":3,"reason":"state_covered","#
                + #""rule":"state:TX","org":"relief"}"#)
    }
}
