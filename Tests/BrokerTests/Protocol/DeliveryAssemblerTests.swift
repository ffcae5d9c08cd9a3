import Testing

@testable import Broker

/// Putting frames together to messages.
@Suite
struct DeliveryAssemblerTests {
    private let start = DeliveryAssembler.Start.deliver(
        tag: 7, isRedelivered: true, exchange: "events", routingKey: "key")

    private func begun(bodySize: UInt64, limit: Int = 100) -> DeliveryAssembler {
        var assembler = DeliveryAssembler(maximumBodySize: limit)
        #expect(assembler.receivedMethod(start) == .wait)
        #expect(assembler.receivedHeader(MessageProperties(), bodySize: bodySize) == .wait)
        return assembler
    }

    private func body(_ bytes: [UInt8], to assembler: inout DeliveryAssembler) -> DeliveryAssembler.Action {
        bytes.withUnsafeBytes { assembler.receivedBody($0) }
    }

    @Test
    func aMessageWithoutABodyIsCompleteWithItsHeader() {
        var assembler = DeliveryAssembler(maximumBodySize: 100)
        var properties = MessageProperties()
        properties.messageID = "id"
        #expect(assembler.receivedMethod(start) == .wait)
        #expect(
            assembler.receivedHeader(properties, bodySize: 0)
                == .complete(start, Message(properties: properties, body: []), isOversized: false))
        #expect(assembler.receivedMethod(start) == .wait)
    }

    /// Bodies are joined until the announced size is there, and the next message begins.
    @Test(arguments: [1, 2, 3, 10])
    func bodiesAreJoinedUntilTheAnnouncedSizeIsThere(_ parts: Int) {
        let whole = [UInt8](0..<60)
        var assembler = begun(bodySize: 60)
        let size = 60 / parts
        for part in 0..<parts {
            let action = body(Array(whole[part * size..<(part + 1) * size]), to: &assembler)
            #expect(
                action
                    == (part < parts - 1 ? .wait : .complete(start, Message(body: whole), isOversized: false)))
        }
        #expect(assembler.receivedMethod(start) == .wait)
    }

    @Test
    func anEmptyBodyFrameChangesNothing() {
        var assembler = begun(bodySize: 2)
        #expect(body([], to: &assembler) == .wait)
        #expect(body([1, 2], to: &assembler) == .complete(start, Message(body: [1, 2]), isOversized: false))
    }

    /// A body at the limit is kept; one byte more is read past and left out.
    @Test
    func aBodyAtTheLimitIsKept() {
        var assembler = begun(bodySize: 4, limit: 4)
        #expect(
            body([1, 2, 3, 4], to: &assembler) == .complete(start, Message(body: [1, 2, 3, 4]), isOversized: false))
        assembler = begun(bodySize: 5, limit: 4)
        #expect(body([1, 2, 3], to: &assembler) == .wait)
        #expect(body([4, 5], to: &assembler) == .complete(start, Message(body: []), isOversized: true))
    }

    @Test
    func anAbsurdSizeReservesNoMemory() {
        var assembler = begun(bodySize: UInt64.max)
        #expect(body([1], to: &assembler) == .wait)
    }

    @Test
    func returnedMessagesArePutTogetherAlike() {
        let returned = DeliveryAssembler.Start.returned(code: 312, text: "NO_ROUTE", exchange: "", routingKey: "q")
        var assembler = DeliveryAssembler(maximumBodySize: 100)
        #expect(assembler.receivedMethod(returned) == .wait)
        #expect(assembler.receivedHeader(MessageProperties(), bodySize: 1) == .wait)
        #expect(body([9], to: &assembler) == .complete(returned, Message(body: [9]), isOversized: false))
    }

    @Test
    func framesOutOfOrderAreAFailure() {
        var assembler = DeliveryAssembler(maximumBodySize: 100)
        #expect(isFailure(assembler.receivedHeader(MessageProperties(), bodySize: 1)))
        #expect(isFailure(body([1], to: &assembler)))
        #expect(assembler.receivedMethod(start) == .wait)
        #expect(isFailure(assembler.receivedMethod(start)))
        #expect(isFailure(body([1], to: &assembler)))
        assembler = begun(bodySize: 3)
        #expect(isFailure(assembler.receivedMethod(start)))
        #expect(isFailure(assembler.receivedHeader(MessageProperties(), bodySize: 1)))
    }

    @Test
    func moreBodyThanAnnouncedIsAFailure() {
        var assembler = begun(bodySize: 3)
        #expect(body([1, 2], to: &assembler) == .wait)
        #expect(isFailure(body([3, 4], to: &assembler)))
    }

    private func isFailure(_ action: DeliveryAssembler.Action) -> Bool {
        if case .fail = action { true } else { false }
    }
}
