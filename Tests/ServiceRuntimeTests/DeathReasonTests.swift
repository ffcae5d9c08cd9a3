import Broker
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
            #expect(message.deathReason == nil)
        }
    }

    /// Of a message with these entries in `x-death`, the latest first.
    private func reason(_ reasons: [String]) -> String? {
        var message = Message(body: [])
        message.properties.headers["x-death"] = .array(
            reasons.map { .table(["count": .int(1), "reason": .string($0), "queue": .string("intake.geocode")]) })
        return message.deathReason
    }
}
