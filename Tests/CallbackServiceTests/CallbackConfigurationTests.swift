import Contracts
import Testing

@testable import CallbackService

@Suite struct CallbackConfigurationTests {
    @Test func aScheduleNamesTiers() throws {
        #expect(try CallbackConfiguration.schedule("1s, 5s,30s").get() == [.seconds(1), .seconds(5), .seconds(30)])
        #expect(try CallbackConfiguration.schedule("5s,5s").get() == [.seconds(5), .seconds(5)])
    }

    @Test(arguments: ["7s", "1s,,5s", "", "1s,7s", "1s;5s"])
    func anUnknownTierIsNamedWithTheOnesThereAre(text: String) {
        let problem = #expect(throws: CallbackConfiguration.ScheduleProblem.self) {
            try CallbackConfiguration.schedule(text).get()
        }
        #expect(problem?.text.hasPrefix("unknown tier '") == true)
        #expect(problem?.text.hasSuffix("the tiers are 1s, 5s, 30s, 2m, 10m, 1h, 3h, 6h, 12h, 24h") == true)
    }
}
