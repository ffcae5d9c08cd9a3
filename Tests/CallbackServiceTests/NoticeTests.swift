import Contracts
import ServiceRuntime
import Testing

@testable import CallbackService

@Suite struct NoticeTests {
    private func read(_ message: EventMessage) throws -> Notice {
        try Notice(ReceivedMessage(message: message, exchange: "intake.events", routingKey: message.routingKey))
    }

    @Test func bothEventsAreRead() throws {
        let decided = try read(try EventMessage(Event<RequestDecided>.fixture()))
        #expect(decided == Notice(Event<RequestDecided>.fixture()))
        #expect(decided.sequence == 1 && decided.status == .new)
        let changed = try read(try EventMessage(Event<RequestStatusChanged>.change(status: .completed, sequence: 4)))
        #expect(changed == Notice(Event<RequestStatusChanged>.change(status: .completed, sequence: 4)))
        #expect(changed.sequence == 4 && changed.status == .completed && !changed.isBelated)
    }

    @Test func anEventOfAnotherTypeIsRefused() throws {
        var message = try EventMessage(Event<RequestDecided>.fixture())
        message.headers[EventMessage.Header.type] = .string("request.accepted")
        #expect(throws: ContractError.self) { try read(message) }
        message.headers[EventMessage.Header.type] = nil
        #expect(throws: ContractError.self) { try read(message) }
    }

    @Test(arguments: [
        ("x-delivery-count", HeaderValue.int(1), true), ("x-delivery-count", .int(0), false), ("x-death", .other, true),
        ("intake-callback-attempts", .int(0), true), ("intake-stage", .string("callback"), true),
        ("traceparent", .string("00"), false),
    ])
    func whatHasBeenAroundIsBelated(header: String, value: HeaderValue, isBelated: Bool) throws {
        var message = try EventMessage(Event<RequestDecided>.fixture())
        message.headers[header] = value
        #expect(try read(message).isBelated == isBelated)
    }
}
