import Terminal
import Testing

@testable import PartnerSimulator

@Suite struct MisbehaviourPlanTests {
    private func plan(_ shares: String, seed: UInt64 = 3) throws -> MisbehaviourPlan {
        MisbehaviourPlan(shares: try MisbehaviourShares(shares), seed: seed)
    }

    @Test func sharesAreReadWithAndWithoutPercent() throws {
        let shares = try MisbehaviourShares("error-in-200=10%, slow = 2.5%,429")
        #expect(shares.percents.map(\.behaviour) == [.errorIn200, .slow, .tooManyRequests])
        #expect(shares.percents.map(\.percent) == [10, 2.5, 5])
        #expect(!shares.flaps)
        #expect(try MisbehaviourShares("flap").behaviours == [.flap])
        #expect(try MisbehaviourShares("slow=70%,reset=30%").percents.count == 2)
        let all = try MisbehaviourShares(Misbehaviour.names)
        #expect(all.behaviours == Misbehaviour.allCases && all.percents.count == 7)
    }

    @Test(arguments: [
        ("", "'' is no way to misbehave; there are lost-response, "), ("slow,", "'' is no way"),
        ("Slow", "'Slow' is no way"), ("slow,slow=1%", "'slow' is given twice"), ("slow=5", "must look like 5%"),
        ("slow=0%", "above 0%"), ("slow=-1%", "above 0%"), ("slow=100.1%", "at most 100%"),
        ("slow=%", "must look like"),
        ("slow=nan%", "above 0%"), ("slow=x%", "must look like"), ("slow=5%%", "must look like"),
        ("slow=60%,reset=60%", "more than 100% together"), ("flap=5%", "flap takes no share"),
    ])
    func aWrongShareIsNamed(_ text: String, _ problem: String) {
        let error = #expect(throws: CommandError.self) { try MisbehaviourShares(text) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test func everyShareIsFilledEvenly() throws {
        let plan = try plan("lost-response,error-in-200,slow,429,reset,redirect,huge-body=20%")
        var counts: [Misbehaviour?: Int] = [:]
        for index in 0..<10_000 { counts[plan.behaviour(ofRequest: index), default: 0] += 1 }
        for (behaviour, percent) in plan.shares.percents {
            #expect(abs(Double(counts[behaviour] ?? 0) - percent * 100) < 10, "\(behaviour)")
        }
        #expect(counts[.flap] == nil)
        // And so in a run of forty.
        #expect(Set((0..<40).map { plan.behaviour(ofRequest: $0) }).count == 8)
    }

    @Test func theSameSeedMisbehavesAtTheSameRequests() throws {
        let behaviours = try (0..<3).map { try plan("slow=30%,reset=30%", seed: [7, 7, 8][$0]) }
            .map { plan in (0..<100).map { plan.behaviour(ofRequest: $0) } }
        #expect(behaviours[0] == behaviours[1])
        #expect(behaviours[0] != behaviours[2])
    }

    @Test func itIsDownForThreeSecondsOfTen() throws {
        let flapping = try plan("flap")
        let down = (0..<200).filter { flapping.isDown(after: .milliseconds($0 * 100)) }
        #expect(down == Array(0..<30) + Array(100..<130))
        #expect(try !plan("slow").isDown(after: .zero))
        #expect(!flapping.isDown(after: .seconds(-1)))
    }
}
