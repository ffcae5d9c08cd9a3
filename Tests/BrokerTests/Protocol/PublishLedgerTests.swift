import Testing

@testable import Broker

/// The ledger of publishes.
@Suite
struct PublishLedgerTests {
    typealias Ledger = PublishLedger<String>

    /// A ledger with an open channel.
    private func openLedger() -> Ledger {
        var ledger = Ledger()
        ledger.channelOpened()
        return ledger
    }

    /// Nothing is sent before a channel stands, and then everything in the order of submission.
    @Test
    func nothingIsSentBeforeAChannelStands() {
        var ledger = Ledger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        #expect(ledger.sendAll() == [])
        #expect(!ledger.canSend)
        #expect(ledger.waitingCount == 3)
        ledger.channelOpened()
        #expect(ledger.sendAll() == ["a", "b", "c"])
        #expect(ledger.inFlightCount == 3)
        #expect(!ledger.isEmpty)
    }

    /// A confirm settles its own publish, in whatever order confirms come.
    @Test
    func aConfirmSettlesItsOwnPublish() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.settle(3) == ["c confirmed"])
        #expect(ledger.settle(1) == ["a confirmed"])
        #expect(ledger.isEmpty)
    }

    @Test
    func aMultipleConfirmSettlesEverythingUpToItsTagThatIsStillOpen() {
        var ledger = openLedger()
        for name in ["a", "b", "c", "d"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.settle(3, multiple: true) == ["a confirmed", "c confirmed"])
        #expect(ledger.inFlightCount == 1)
        #expect(ledger.settle(4, multiple: true) == ["d confirmed"])
    }

    /// Tag 0 with multiple settles all that is in flight, without multiple nothing.
    @Test
    func tag0WithMultipleSettlesAllThatIsInFlight() {
        var ledger = openLedger()
        for name in ["a", "b"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(0) == ["never published"])
        #expect(ledger.settle(0, multiple: true) == ["a confirmed", "b confirmed"])
        #expect(ledger.settle(0, multiple: true) == [])
    }

    /// A nack is a refusal, single or multiple.
    @Test
    func aNackIsARefusal() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(2, isAck: false) == ["b refused"])
        #expect(ledger.settle(3, multiple: true, isAck: false) == ["a refused", "c refused"])
    }

    /// A tag that is not in flight settles nobody, and one that was never published breaks the protocol.
    @Test(arguments: [1, 4, 5, UInt64(Int.max), UInt64.max], [true, false])
    func aTagThatIsNotInFlightSettlesNobody(_ tag: UInt64, _ multiple: Bool) {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        _ = ledger.settle(1)
        #expect(ledger.settle(tag, multiple: multiple) == (tag == 1 ? [] : ["never published"]))
        #expect(ledger.inFlightCount == 2)
    }

    /// A return is paired by message id and address, with confirms of others in between.
    @Test
    func aReturnIsPairedByMessageIdAndAddress() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        ledger.returned(messageID: "b", exchange: "x", routingKey: "k", code: 312, text: "NO_ROUTE")
        #expect(ledger.settle(1) == ["a confirmed"])
        #expect(ledger.settle(3, multiple: true) == ["b unroutable 312 NO_ROUTE", "c confirmed"])
    }

    /// A return for another address, or an unknown id, touches nobody.
    @Test
    func aReturnForAnotherAddress() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        ledger.returned(messageID: "a", exchange: "other", routingKey: "k", code: 312, text: "")
        ledger.returned(messageID: "a", exchange: "x", routingKey: "other", code: 312, text: "")
        ledger.returned(messageID: nil, exchange: "x", routingKey: "k", code: 312, text: "")
        #expect(ledger.settle(1) == ["a confirmed"])
    }

    @Test
    func twoPublishesWithTheSameIdAndAddressTakeOneReturnEach() {
        var ledger = openLedger()
        ledger.add("a", messageID: "same")
        ledger.add("b", messageID: "same")
        _ = ledger.sendAll()
        ledger.returned(messageID: "same", exchange: "x", routingKey: "k", code: 312, text: "")
        #expect(ledger.settle(2, multiple: true) == ["a unroutable 312 ", "b confirmed"])
    }

    /// What was in flight when the connection was lost is sent again, before the rest and in the same order.
    @Test
    func whatWasInFlightWhenTheConnectionWasLostIsSentAgain() {
        var ledger = openLedger()
        for name in ["a", "b", "c", "d"] { ledger.add(name) }
        for _ in 0..<3 { _ = ledger.next() }
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.lose(nil) == nil)
        #expect(ledger.sendAll() == [])
        #expect(ledger.inFlightCount == 0)
        ledger.channelOpened()
        #expect(ledger.sendAll() == ["a", "c", "d"])
        // Sequence numbers begin anew.
        #expect(ledger.settle(1) == ["a confirmed"])
    }

    /// A return does not outlive its channel: the next sending may find a queue.
    @Test
    func aReturnDoesNotOutliveItsChannel() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        ledger.returned(messageID: "a", exchange: "x", routingKey: "k", code: 312, text: "")
        _ = ledger.channelLost(cause: nil)
        ledger.channelOpened()
        _ = ledger.sendAll()
        #expect(ledger.settle(1) == ["a confirmed"])
    }

    @Test
    func theOnePublishInFlightIsTheCulpritWhenTheBrokerClosesTheChannel() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        let error = BrokerError(.channelClosed, "no exchange", replyCode: 404)
        let culprit = ledger.channelLost(cause: error)
        #expect(culprit?.0 == "a")
        #expect(culprit?.1 == .rejected(error))
        #expect(ledger.isEmpty)
    }

    /// Among many, the culprit is found by sending them alone, and nobody else is blamed.
    @Test
    func amongManyTheCulpritIsFoundBySendingThemAlone() {
        var ledger = openLedger()
        let names = ["a", "b", "culprit", "d", "e"]
        for name in names { ledger.add(name) }
        _ = ledger.sendAll()
        let error = BrokerError(.channelClosed, "no exchange", replyCode: 404)
        #expect(ledger.lose(error) == nil)
        ledger.add("later")
        ledger.channelOpened()

        var tag: UInt64 = 0
        var confirmed: [String] = []
        var blamed: [String] = []
        while !ledger.isEmpty {
            let sent = ledger.sendAll()
            if names.contains(sent[0]) { #expect(sent.count == 1, "sent together: \(sent)") }
            if sent.contains("culprit") {
                if let (name, _) = ledger.channelLost(cause: error) { blamed.append(name) }
                ledger.channelOpened()
                tag = 0
            } else {
                tag += UInt64(sent.count)
                confirmed += ledger.settle(tag, multiple: true)
            }
        }
        #expect(blamed == ["culprit"])
        #expect(confirmed == ["a", "b", "d", "e", "later"].map { "\($0) confirmed" })
    }

    @Test
    func nothingBesideTheSuspect() {
        var ledger = openLedger()
        ledger.add("a")
        ledger.add("b")
        _ = ledger.sendAll()
        _ = ledger.channelLost(cause: BrokerError(.channelClosed, ""))
        ledger.channelOpened()
        ledger.add("c")
        #expect(ledger.sendAll() == ["a"])
        #expect(ledger.settle(1) == ["a confirmed"])
        #expect(ledger.sendAll() == ["b"])
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.sendAll() == ["c"])
    }

    /// A lost connection blames nobody, even with one publish in flight.
    @Test
    func aLostConnectionBlamesNobody() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        #expect(ledger.lose(nil) == nil)
        #expect(ledger.waitingCount == 1)
    }

    @Test
    func aCancelledPublishThatWaitsIsNeverSent() {
        var ledger = Ledger()
        let id = ledger.add("a")
        ledger.add("b")
        #expect(ledger.cancel(id) == "a")
        #expect(ledger.cancel(id) == nil)
        ledger.channelOpened()
        #expect(ledger.sendAll() == ["b"])
    }

    /// A cancelled publish in flight still counts its confirm, tells nobody, and is not sent again.
    @Test
    func aCancelledPublishInFlightStillCountsItsConfirm() {
        var ledger = openLedger()
        let id = ledger.add("a")
        ledger.add("b")
        _ = ledger.sendAll()
        #expect(ledger.cancel(id) == "a")
        #expect(ledger.cancel(id) == nil)
        #expect(!ledger.isEmpty)
        #expect(ledger.settle(1) == [])
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.isEmpty)

        let other = ledger.add("c")
        _ = ledger.sendAll()
        _ = ledger.cancel(other)
        #expect(ledger.lose(BrokerError(.channelClosed, "")) == nil)
        #expect(ledger.isEmpty)
    }

    @Test
    func aSettledPublishCannotBeCancelled() {
        var ledger = openLedger()
        ledger.add("a")
        let id = ledger.add("b")
        _ = ledger.sendAll()
        _ = ledger.settle(2)
        #expect(ledger.cancel(id) == nil)
    }

    /// While blocked nothing is sent, and confirms still count.
    @Test
    func whileBlockedNothingIsSent() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        ledger.isBlocked = true
        ledger.add("b")
        #expect(!ledger.canSend)
        #expect(ledger.sendAll() == [])
        #expect(ledger.settle(1) == ["a confirmed"])
        ledger.isBlocked = false
        #expect(ledger.sendAll() == ["b"])
    }

    @Test
    func whatCannotBeWrittenUsesUpNoSequenceNumber() {
        var ledger = openLedger()
        ledger.add("huge")
        ledger.add("b")
        let id = ledger.next()?.id ?? 0
        #expect(ledger.unsendable(id) == "huge")
        #expect(ledger.unsendable(id) == nil)
        #expect(ledger.sendAll() == ["b"])
        #expect(ledger.settle(1) == ["b confirmed"])
        #expect(ledger.isEmpty)
    }

    /// At the end everyone who waits is told, and nobody twice.
    @Test
    func atTheEndEveryoneWhoWaitsIsTold() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        let cancelled = ledger.add("d")
        for _ in 0..<2 { _ = ledger.next() }
        _ = ledger.settle(2)
        _ = ledger.cancel(cancelled)
        #expect(ledger.removeAll() == ["a", "c"])
        #expect(ledger.isEmpty)
        #expect(ledger.removeAll() == [])
    }
}
