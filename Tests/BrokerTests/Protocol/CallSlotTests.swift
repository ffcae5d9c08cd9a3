import Testing

@testable import Broker

/// The one outstanding request of a channel.
@Suite
struct CallSlotTests {
    private let now = ContinuousClock.now

    private func pending() -> CallSlot<String> {
        var slot = CallSlot<String>()
        #expect(slot.begin("a", id: 1, expecting: .qosSet, deadline: now) == true)
        return slot
    }

    /// An answer goes to who asked, once.
    @Test
    func anAnswerGoesToWhoAsked() {
        var slot = pending()
        #expect(slot.deadline == now)
        #expect(slot.expected != nil)
        #expect(slot.received(.qosSet) == "a")
        #expect(slot.received(.qosSet) == nil)
        #expect(slot.deadline == nil)
        #expect(slot.expected == nil)
    }

    @Test
    func aSecondRequestHasToWait() {
        var slot = pending()
        #expect(slot.begin("b", id: 2, expecting: .consuming, deadline: now) == false)
        #expect(slot.received(.qosSet) == "a")
        #expect(slot.begin("b", id: 2, expecting: .consuming, deadline: now) == true)
    }

    @Test
    func anAnswerToSomethingElseIsNoAnswer() {
        var slot = pending()
        #expect(slot.received(.channelClosed) == nil)
        #expect(slot.received(.qosSet) == "a")
    }

    /// After the caller gave up, the late answer frees the slot and reaches nobody.
    @Test
    func afterTheCallerGaveUp() {
        var slot = pending()
        #expect(slot.abandon(1) == "a")
        #expect(slot.abandon(1) == nil)
        #expect(slot.deadline == now)
        #expect(slot.begin("b", id: 2, expecting: .qosSet, deadline: now) == false)
        #expect(slot.received(.qosSet) == nil)
        #expect(slot.begin("b", id: 2, expecting: .qosSet, deadline: now) == true)
    }

    @Test
    func aLateCancellationDoesNotHitTheRequestThatCameAfter() {
        var slot = pending()
        #expect(slot.received(.qosSet) == "a")
        #expect(slot.begin("b", id: 2, expecting: .qosSet, deadline: now) == true)
        #expect(slot.abandon(1) == nil)
        #expect(slot.received(.qosSet) == "b")
    }

    /// A shorter patience counts, a longer one does not.
    @Test
    func aShorterPatienceCounts() {
        var slot = pending()
        slot.hasten(to: now.advanced(by: .seconds(1)))
        #expect(slot.deadline == now)
        slot.hasten(to: now.advanced(by: .seconds(-1)))
        #expect(slot.deadline == now.advanced(by: .seconds(-1)))
        #expect(slot.abandon(1) == "a")
        slot.hasten(to: now.advanced(by: .seconds(-2)))
        #expect(slot.deadline == now.advanced(by: .seconds(-2)))
        #expect(slot.received(.qosSet) == nil)
        slot.hasten(to: now)
        #expect(slot.deadline == nil)
    }

    /// When the channel goes, who waits is told, and who gave up is not.
    @Test
    func whenTheChannelGoes() {
        var slot = pending()
        #expect(slot.fail() == "a")
        #expect(slot.fail() == nil)
        #expect(slot.begin("b", id: 2, expecting: .qosSet, deadline: now) == true)
        _ = slot.abandon(2)
        #expect(slot.fail() == nil)
        #expect(slot.expected == nil)
    }
}
