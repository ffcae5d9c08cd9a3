import Broker
import Foundation
import ServiceRuntime
import Testing

@Suite struct DeathReasonTests {
    @Test func theLatestDeathThatIsNoWaitCounts() {
        #expect(reason([]) == nil)
        #expect(reason(["expired"]) == nil, "it only waited in a retry queue")
        #expect(reason(["delivery_limit", "expired"]) == "delivery_limit")
        #expect(reason(["expired", "delivery_limit", "rejected"]) == "delivery_limit")
    }

    @Test func whatIsNoListOfDeathsIsNone() {
        var message = Message(body: [])
        for odd in [FieldValue.string("delivery_limit"), .array([.int(1)]), .array([.table(["reason": .int(2)])])] {
            message.properties.headers["x-death"] = odd
            #expect(message.death == nil)
        }
    }

    @Test func theTimeIsTheDeaths() {
        var message = Message(body: [])
        message.properties.headers["x-death"] = .array([
            .table(["reason": .string("expired"), "time": .timestamp(1_800_000_009)]),
            .table(["reason": .string("delivery_limit"), "time": .timestamp(1_800_000_000)]),
        ])
        #expect(message.death?.at == Date(timeIntervalSince1970: 1_800_000_000))
    }

    /// Of a message with these entries in `x-death`, the latest first.
    private func reason(_ reasons: [String]) -> String? {
        var message = Message(body: [])
        message.properties.headers["x-death"] = .array(
            reasons.map { .table(["count": .int(1), "reason": .string($0), "queue": .string("intake.geocode")]) })
        return message.death?.reason
    }
}
