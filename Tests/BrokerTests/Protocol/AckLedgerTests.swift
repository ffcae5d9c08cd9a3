import Contracts
import Testing

@testable import Broker

/// The ledger of settlements.
@Suite
struct AckLedgerTests {
    private func ledger(delivered tags: ClosedRange<UInt64>) -> AckLedger {
        var ledger = AckLedger()
        for tag in tags { _ = ledger.delivered(tag) }
        return ledger
    }

    @Test
    func oneDeliveryIsAcknowledgedSingly() {
        var ledger = ledger(delivered: 1...1)
        #expect(ledger.openCount == 1)
        #expect(ledger.acknowledge(1) == true)
        #expect(ledger.openCount == 0)
        #expect(ledger.flush() == [.acknowledge(tag: 1, multiple: false)])
        #expect(ledger.flush() == [])
    }

    /// A contiguous beginning is acknowledged by one frame, in whatever order it was settled.
    @Test
    func aContiguousBeginningIsAcknowledgedByOneFrame() {
        var ledger = ledger(delivered: 1...5)
        for tag in [3, 1, 2] as [UInt64] { #expect(ledger.acknowledge(tag) == true) }
        #expect(ledger.flush() == [.acknowledge(tag: 3, multiple: true)])
    }

    /// What lies behind a hole is acknowledged singly, and the hole closes later.
    @Test
    func whatLiesBehindAHoleIsAcknowledgedSingly() {
        var ledger = ledger(delivered: 1...6)
        for tag in [1, 2, 4, 6] as [UInt64] { #expect(ledger.acknowledge(tag) == true) }
        #expect(
            ledger.flush() == [
                .acknowledge(tag: 2, multiple: true), .acknowledge(tag: 4, multiple: false),
                .acknowledge(tag: 6, multiple: false),
            ])
        #expect(ledger.acknowledge(3) == true)
        #expect(ledger.flush() == [.acknowledge(tag: 3, multiple: false)])
        #expect(ledger.acknowledge(5) == true)
        _ = ledger.delivered(7)
        #expect(ledger.acknowledge(7) == true)
        #expect(ledger.flush() == [.acknowledge(tag: 7, multiple: true)])
        #expect(ledger.openCount == 0)
    }

    /// A rejection is said at once, and a multiple ack may run over it.
    @Test
    func aRejectionIsSaidAtOnce() {
        var ledger = ledger(delivered: 1...3)
        #expect(ledger.acknowledge(1) == true)
        #expect(ledger.reject(2, requeue: false) == .reject(tag: 2, requeue: false))
        #expect(ledger.acknowledge(3) == true)
        #expect(ledger.flush() == [.acknowledge(tag: 3, multiple: true)])
    }

    /// A settled delivery, or one that never was, is not settled again.
    @Test
    func aSettledDeliveryOrOneThatNeverWas() {
        var ledger = ledger(delivered: 1...3)
        #expect(ledger.acknowledge(2) == true)
        #expect(ledger.acknowledge(2) == false)
        #expect(ledger.reject(2, requeue: true) == nil)
        #expect(ledger.reject(3, requeue: true) != nil)
        #expect(ledger.acknowledge(3) == false)
        #expect(ledger.acknowledge(0) == false)
        #expect(ledger.acknowledge(4) == false)
        #expect(ledger.acknowledge(UInt64.max) == false)
        _ = ledger.flush()
        #expect(ledger.acknowledge(2) == false)
        #expect(ledger.openCount == 1)
    }

    /// A tag that is not the next one is refused, and changes nothing.
    @Test(arguments: [0, 1, 3, 5, UInt64.max])
    func aTagThatIsNotTheNextOneIsRefused(tag: UInt64) {
        var ledger = ledger(delivered: 1...3)
        #expect(ledger.acknowledge(1) == true)
        #expect(ledger.flush().count == 1)
        #expect(ledger.delivered(tag) == false)
        #expect(ledger.rememberedCount == 2)
        #expect(ledger.delivered(4) == true)
    }

    @Test
    func aConsumerThatOnlyRejectsKeepsNoMemoryOfIt() {
        var ledger = AckLedger()
        for tag in UInt64(1)...10_000 {
            _ = ledger.delivered(tag)
            #expect(ledger.reject(tag, requeue: false) != nil)
        }
        #expect(ledger.rememberedCount == 0)
        #expect(ledger.flush() == [])
    }

    /// Every settled delivery is told exactly once, and no other.
    @Test(arguments: UInt64(1)...60)
    func everySettledDeliveryIsToldExactlyOnce(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = AckLedger()
        var open: Set<UInt64> = []
        var acknowledged: Set<UInt64> = []
        /// What the broker still waits for.
        var outstanding: Set<UInt64> = []
        var last: UInt64 = 0

        func tell(_ action: AckLedger.Action) {
            switch action {
            case .acknowledge(let tag, let multiple):
                let covered = outstanding.filter { multiple ? $0 <= tag : $0 == tag }
                #expect(!covered.isEmpty, "the broker would close the channel over tag \(tag)")
                #expect(covered.isSubset(of: acknowledged), "acknowledged what was not settled")
                outstanding.subtract(covered)
            case .reject(let tag, _):
                #expect(outstanding.remove(tag) != nil)
            }
        }

        for _ in 0..<2_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4 where open.count < 50:
                last += 1
                _ = ledger.delivered(last)
                open.insert(last)
                outstanding.insert(last)
            case 4..<7:
                guard let tag = open.randomElement(using: &generator) else { continue }
                #expect(ledger.acknowledge(tag) == true)
                open.remove(tag)
                acknowledged.insert(tag)
            case 7:
                guard let tag = open.randomElement(using: &generator),
                    let action = ledger.reject(tag, requeue: Bool.random(using: &generator))
                else { continue }
                open.remove(tag)
                tell(action)
            case 8:
                // Whatever it is, it was settled before or never came.
                let tag = UInt64.random(in: 0...(last + 2), using: &generator)
                if !open.contains(tag) { #expect(ledger.acknowledge(tag) == false) }
            default:
                for action in ledger.flush() { tell(action) }
                #expect(outstanding == open)
            }
            #expect(ledger.openCount == open.count)
        }
        for tag in open { #expect(ledger.acknowledge(tag) == true) }
        acknowledged.formUnion(open)
        for action in ledger.flush() { tell(action) }
        #expect(outstanding.isEmpty)
        #expect(ledger.rememberedCount == 0)
    }
}
