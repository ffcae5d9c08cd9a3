import Testing

@testable import Broker

@Suite("The ledger of publishes")
struct PublishLedgerTests {
    typealias Ledger = PublishLedger<String>

    /// A ledger with an open channel.
    private func openLedger() -> Ledger {
        var ledger = Ledger()
        ledger.channelOpened()
        return ledger
    }

    @Test("nothing is sent before a channel stands, and then everything in the order of submission")
    func order() {
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

    @Test("a confirm settles its own publish, in whatever order confirms come")
    func singleConfirms() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.settle(3) == ["c confirmed"])
        #expect(ledger.settle(1) == ["a confirmed"])
        #expect(ledger.isEmpty)
    }

    @Test("a multiple confirm settles everything up to its tag that is still open")
    func multipleConfirm() {
        var ledger = openLedger()
        for name in ["a", "b", "c", "d"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(2) == ["b confirmed"])
        #expect(ledger.settle(3, multiple: true) == ["a confirmed", "c confirmed"])
        #expect(ledger.inFlightCount == 1)
        #expect(ledger.settle(4, multiple: true) == ["d confirmed"])
    }

    @Test("tag 0 with multiple settles all that is in flight, without multiple nothing")
    func tagZero() {
        var ledger = openLedger()
        for name in ["a", "b"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(0) == ["never published"])
        #expect(ledger.settle(0, multiple: true) == ["a confirmed", "b confirmed"])
        #expect(ledger.settle(0, multiple: true) == [])
    }

    @Test("a nack is a refusal, single or multiple")
    func nack() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        #expect(ledger.settle(2, isAck: false) == ["b refused"])
        #expect(ledger.settle(3, multiple: true, isAck: false) == ["a refused", "c refused"])
    }

    @Test(
        "a tag that is not in flight settles nobody, and one that was never published breaks the protocol",
        arguments: [1, 4, 5, UInt64(Int.max), UInt64.max], [true, false])
    func unknownTag(_ tag: UInt64, _ multiple: Bool) {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        _ = ledger.settle(1)
        #expect(ledger.settle(tag, multiple: multiple) == (tag == 1 ? [] : ["never published"]))
        #expect(ledger.inFlightCount == 2)
    }

    @Test("a return is paired by message id and address, with confirms of others in between")
    func returned() {
        var ledger = openLedger()
        for name in ["a", "b", "c"] { ledger.add(name) }
        _ = ledger.sendAll()
        ledger.returned(messageID: "b", exchange: "x", routingKey: "k", code: 312, text: "NO_ROUTE")
        #expect(ledger.settle(1) == ["a confirmed"])
        #expect(ledger.settle(3, multiple: true) == ["b unroutable 312 NO_ROUTE", "c confirmed"])
    }

    @Test("a return for another address, or an unknown id, touches nobody")
    func returnedElsewhere() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        ledger.returned(messageID: "a", exchange: "other", routingKey: "k", code: 312, text: "")
        ledger.returned(messageID: "a", exchange: "x", routingKey: "other", code: 312, text: "")
        ledger.returned(messageID: nil, exchange: "x", routingKey: "k", code: 312, text: "")
        #expect(ledger.settle(1) == ["a confirmed"])
    }

    @Test("two publishes with the same id and address take one return each")
    func returnedTwice() {
        var ledger = openLedger()
        ledger.add("a", messageID: "same")
        ledger.add("b", messageID: "same")
        _ = ledger.sendAll()
        ledger.returned(messageID: "same", exchange: "x", routingKey: "k", code: 312, text: "")
        #expect(ledger.settle(2, multiple: true) == ["a unroutable 312 ", "b confirmed"])
    }

    @Test("what was in flight when the connection was lost is sent again, before the rest and in the same order")
    func connectionLost() {
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

    @Test("a return does not outlive its channel: the next sending may find a queue")
    func returnedBeforeLoss() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        ledger.returned(messageID: "a", exchange: "x", routingKey: "k", code: 312, text: "")
        _ = ledger.channelLost(cause: nil)
        ledger.channelOpened()
        _ = ledger.sendAll()
        #expect(ledger.settle(1) == ["a confirmed"])
    }

    @Test("the one publish in flight is the culprit when the broker closes the channel")
    func loneCulprit() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        let error = BrokerError(.channelClosed, "no exchange", replyCode: 404)
        let culprit = ledger.channelLost(cause: error)
        #expect(culprit?.0 == "a")
        #expect(culprit?.1 == .rejected(error))
        #expect(ledger.isEmpty)
    }

    @Test("among many, the culprit is found by sending them alone, and nobody else is blamed")
    func culpritAmongMany() {
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

    @Test("what comes later is not sent beside one that stands alone in the dock")
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

    @Test("a lost connection blames nobody, even with one publish in flight")
    func connectionLostAlone() {
        var ledger = openLedger()
        ledger.add("a")
        _ = ledger.sendAll()
        #expect(ledger.lose(nil) == nil)
        #expect(ledger.waitingCount == 1)
    }

    @Test("a cancelled publish that waits is never sent")
    func cancelWaiting() {
        var ledger = Ledger()
        let id = ledger.add("a")
        ledger.add("b")
        #expect(ledger.cancel(id) == "a")
        #expect(ledger.cancel(id) == nil)
        ledger.channelOpened()
        #expect(ledger.sendAll() == ["b"])
    }

    @Test("a cancelled publish in flight still counts its confirm, tells nobody, and is not sent again")
    func cancelInFlight() {
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

    @Test("a settled publish cannot be cancelled")
    func cancelSettled() {
        var ledger = openLedger()
        ledger.add("a")
        let id = ledger.add("b")
        _ = ledger.sendAll()
        _ = ledger.settle(2)
        #expect(ledger.cancel(id) == nil)
    }

    @Test("while blocked nothing is sent, and confirms still count")
    func blocked() {
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

    @Test("what cannot be written uses up no sequence number")
    func unsendable() {
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

    @Test("at the end everyone who waits is told, and nobody twice")
    func removeAll() {
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
