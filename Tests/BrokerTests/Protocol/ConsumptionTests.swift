import TestSupport
import Testing

@testable import Broker

/// Deliveries that wait for company.
@Suite(.timeLimit(.minutes(1))) struct ConsumptionTests {
    private let inbox = Consumption.Inbox()
    private let longest = Duration.seconds(600)

    private func put(_ tags: ClosedRange<UInt64>) {
        inbox.put(
            tags.map {
                Delivery(
                    message: Message(body: []), exchange: "", routingKey: "", isRedelivered: false, isOversized: false,
                    receipt: Delivery.Receipt(consumer: 1, epoch: 0, tag: $0))
            })
    }

    private func batches(patience: Duration = .zero, company: Int = 1) -> Consumption.Batches {
        Consumption.Batches(inbox: inbox, patience: patience, company: company)
    }

    private func tags(_ batch: [Delivery]?) -> [UInt64]? { batch?.map(\.receipt.tag) }

    @Test func withoutPatienceWhatIsThereIsTheBatch() async {
        put(1...1)
        #expect(tags(await batches(company: 10).next()) == [1])
    }

    @Test func companyEndsTheWait() async {
        put(1...2)
        async let batch = batches(patience: longest, company: 4).next()
        put(3...3)
        put(4...5)
        let found = tags(await batch)
        #expect(found?.starts(with: [1, 2, 3, 4]) == true)
    }

    @Test func whatHasCompanyDoesNotWait() async {
        put(1...9)
        #expect(tags(await batches(patience: longest, company: 4).next()) == Array(1...9))
        // The next one waits anew.
        put(10...13)
        #expect(tags(await batches(patience: longest, company: 4).next()) == Array(10...13))
    }

    @Test func patienceEnds() async {
        put(1...1)
        #expect(tags(await batches(patience: .milliseconds(1), company: 4).next()) == [1])
        // One that nobody is patient about comes at once.
        async let next = batches().next()
        put(2...2)
        #expect(tags(await next) == [2])
    }

    @Test func theEndOfTheConsumptionEndsTheWait() async {
        put(1...1)
        async let batch = batches(patience: longest, company: 4).next()
        inbox.finish()
        #expect(tags(await batch) == [1])
        #expect(await batches(patience: longest, company: 4).next() == nil)
    }

    @Test func aCancelledReaderGetsWhatHasCome() async {
        put(1...1)
        let reader = Task { await batches(patience: longest, company: 4).next() }
        reader.cancel()
        #expect(tags(await reader.value) == [1])
        #expect(await Task { await batches(patience: longest, company: 4).next() }.cancelledValue == nil)
        // Whoever reads next waits as ever.
        async let next = batches().next()
        put(2...2)
        #expect(tags(await next) == [2])
    }
}

extension Task where Failure == Never {
    fileprivate var cancelledValue: Success {
        get async {
            cancel()
            return await value
        }
    }
}
