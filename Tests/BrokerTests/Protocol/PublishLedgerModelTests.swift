import Contracts
import Testing

@testable import Broker

/// The ledger against a broker that follows the rules and has bad luck: random confirms, nacks, returns, channel closes
/// and lost connections.
///
/// The ledger of publishes, against a random broker.
@Suite
struct PublishLedgerModelTests {
    /// What a publish will meet whenever it reaches the broker.
    private enum Fate: CaseIterable {
        case fine, refused, unroutable, poison
    }

    /// Each publish ends exactly once, as the broker decided, and in order.
    @Test(arguments: UInt64(1)...60)
    func eachPublishEndsExactlyOnce(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = PublishLedger<Int>()
        var fates: [Int: Fate] = [:]
        var ids: [Int: UInt64] = [:]
        var open: Set<Int> = []
        var ended: [Int: String] = [:]
        var accepted: Set<Int> = []
        /// What was sent on the present channel, by sequence number, and not read by the broker yet.
        var wire: [(tag: UInt64, name: Int)] = []
        /// What the broker has read and not confirmed.
        var unconfirmed: [(tag: UInt64, name: Int)] = []
        var sequence: UInt64 = 0
        var isOpen = false

        func end(_ name: Int, _ how: String) {
            #expect(ended[name] == nil, "\(name) ended twice")
            ended[name] = how
            open.remove(name)
        }
        func lose(_ cause: BrokerError?) {
            if let (name, _) = ledger.channelLost(cause: cause) {
                #expect(fates[name] == .poison)
                end(name, "rejected")
            }
            wire = []
            unconfirmed = []
            sequence = 0
            isOpen = false
        }
        func settle(_ tag: UInt64, multiple: Bool, isAck: Bool) {
            let names = unconfirmed.filter { multiple ? $0.tag <= tag : $0.tag == tag }.map(\.name)
            unconfirmed.removeAll { multiple ? $0.tag <= tag : $0.tag == tag }
            let settled = ledger.settled(tag: tag, multiple: multiple, isAck: isAck) ?? []
            #expect(settled.map(\.0) == names.filter { ended[$0] == nil }, "told in the order of publishing")
            for (name, outcome) in settled {
                switch outcome {
                case .confirmed: end(name, "confirmed")
                case .refused: end(name, "refused")
                case .unroutable: end(name, "unroutable")
                case .rejected: Issue.record("a confirm cannot reject")
                }
            }
        }
        /// One step of the broker or its network.
        func happen(_ isLast: Bool) {
            switch Int.random(in: 0..<20, using: &generator) {
            case 0 where !isLast: lose(nil)
            case 1 where !isLast: ledger.isBlocked.toggle()
            case 2...6 where !isOpen:
                ledger.channelOpened()
                isOpen = true
            case 7...10:
                guard let entry = ledger.next(), let name = Int(entry.publication.message.properties.messageID ?? "")
                else {
                    return
                }
                #expect(isOpen && !ledger.isBlocked)
                sequence += 1
                wire.append((sequence, name))
            case 11...14 where !wire.isEmpty:
                let (tag, name) = wire.removeFirst()
                unconfirmed.append((tag, name))
                switch fates[name] {
                case .poison: lose(BrokerError(.channelClosed, "no exchange", replyCode: 404))
                case .unroutable:
                    ledger.returned(
                        messageID: "\(name)", exchange: "x", routingKey: "k", code: 312, text: "NO_ROUTE")
                case .fine: accepted.insert(name)
                case .refused, nil: break
                }
            default:
                guard let chosen = unconfirmed.randomElement(using: &generator) else { return }
                let isAck = fates[chosen.name] != .refused
                let reached = unconfirmed.filter { $0.tag <= chosen.tag }
                // A multiple ack cannot cover a refusal, nor a multiple nack an acceptance.
                let isUniform = reached.allSatisfy { (fates[$0.name] != .refused) == isAck }
                settle(chosen.tag, multiple: isUniform && Bool.random(using: &generator), isAck: isAck)
            }
        }

        for name in 0..<120 {
            let isOdd = Int.random(in: 0..<10, using: &generator) == 0
            fates[name] = isOdd ? Fate.allCases.randomElement(using: &generator) : .fine
            var properties = MessageProperties()
            properties.messageID = "\(name)"
            let id = ledger.issueIDs(1).lowerBound
            ledger.submit(
                Publication(Message(properties: properties, body: []), exchange: "x", routingKey: "k"), id: id,
                token: name)
            ids[name] = id
            open.insert(name)
            for _ in 0..<Int.random(in: 0..<6, using: &generator) { happen(false) }
            if Int.random(in: 0..<15, using: &generator) == 0, let victim = open.min(), let id = ids[victim],
                ledger.cancel(id) != nil
            {
                end(victim, "cancelled")
            }
        }
        ledger.isBlocked = false
        var steps = 0
        while !ledger.isEmpty, steps < 100_000 {
            happen(true)
            steps += 1
        }

        #expect(ledger.isEmpty)
        #expect(open.isEmpty)
        for (name, fate) in fates {
            switch fate {
            case .fine: #expect(ended[name] == "confirmed" || ended[name] == "cancelled")
            case .refused: #expect(ended[name] == "refused" || ended[name] == "cancelled")
            case .unroutable: #expect(ended[name] == "unroutable" || ended[name] == "cancelled")
            case .poison: #expect(ended[name] == "rejected" || ended[name] == "cancelled")
            }
            if ended[name] == "confirmed" { #expect(accepted.contains(name)) }
        }
    }
}
