import NIOCore
import TestSupport
import Testing

@testable import PartnerSimulator

/// The partner's bad manners as a caller meets them, over loopback sockets.
@Suite struct MisbehavingPartnerTests {
    private func simulate(
        _ shares: String, count: Int = 6, times: Int = 1, slowFor: Duration = .seconds(60),
        tell: @escaping @Sendable (FakeIntake, String) async throws -> Void
    ) async throws -> SimulationReport {
        var plan = MisbehaviourPlan(shares: try MisbehaviourShares(shares), seed: 5, times: times, slowFor: slowFor)
        plan.downFor = .milliseconds(100)
        plan.period = .seconds(3600)
        return try await FakeIntake().simulate(
            .madeUp(MadeUpRequests(count: count, prefix: "m-", seed: 5)),
            configure: { [plan] in $0.misbehaviour = plan },
            answer: { intake, post in
                try await tell(intake, post.id)
                return FakeIntake.accepted(post.id)
            })
    }

    @Test(arguments: [
        (Misbehaviour.lostResponse, "none"), (.errorIn200, #"200 {"error":"#), (.slow, "none"),
        (.tooManyRequests, "429 "), (.reset, "none"), (.redirect, "307 "),
    ])
    func eachIsTakenBadlyOnceAndThenWell(_ behaviour: Misbehaviour, _ outcome: String) async throws {
        let outcomes = Recorder<[String]>()
        let report = try await simulate("\(behaviour.rawValue)=100%") { intake, id in
            outcomes.add(try await intake.tell(id, timeout: behaviour == .slow ? .seconds(1) : .seconds(10)))
        }
        #expect(outcomes.all == Array(repeating: [outcome, FakeIntake.receipt], count: 6))
        #expect(report.succeeded)
        #expect((report.toldYes, report.duplicates) == (6, 0))
        let summary = try #require(report.behaviours?.first)
        #expect(summary.behaviour == behaviour.rawValue)
        #expect((summary.requests, summary.attempts, summary.told, summary.repeated) == (6, 12, 6, 6))
        #expect(summary.toldAfter != nil && summary.violations.total == 0)
        #expect(report.behaviours?.last == BehaviourSummary(behaviour: "none"))
    }

    @Test func aHugeBodyIsToldByItsStatus() async throws {
        let report = try await simulate("huge-body=100%") { intake, id in
            let outcomes = try await intake.tell(id, limit: 1)
            #expect(outcomes == [#"200 {"result""#])
        }
        #expect(report.succeeded)
        #expect(report.behaviours?.first?.attempts == 6)
    }

    @Test func aSlowAnswerThatComesInTimeIsAReceipt() async throws {
        let report = try await simulate("slow=100%", slowFor: .milliseconds(1)) { intake, id in
            let outcomes = try await intake.tell(id)
            #expect(outcomes == [FakeIntake.receipt])
        }
        #expect(report.succeeded)
        #expect(report.behaviours?.first?.repeated == 0)
    }

    @Test func everyAttemptUpToTheLimitIsTakenBadly() async throws {
        let report = try await simulate("429=100%", times: 3) { intake, id in
            let outcomes = try await intake.tell(id)
            #expect(outcomes == ["429 ", "429 ", "429 ", FakeIntake.receipt])
        }
        #expect(report.succeeded)
        #expect(report.behaviours?.first?.repeated == 18)
    }

    @Test func anEndpointThatIsDownTakesNothing() async throws {
        let report = try await simulate("flap") { intake, id in
            let outcomes = try await intake.tell(id, limit: 100_000)
            #expect(outcomes.dropLast().allSatisfy { $0 == "none" } && outcomes.last == FakeIntake.receipt)
        }
        #expect(report.succeeded)
        let flap = try #require(report.behaviours?.first)
        #expect(flap.behaviour == "flap" && flap.requests > 0 && flap.attempts > flap.requests)
    }

    @Test func whoFollowsARedirectOrRepeatsAReceiptIsFoundOut() async throws {
        let report = try await simulate("redirect=50%", count: 20) { intake, id in
            let outcomes = try await intake.tell(id)
            if outcomes.count == 2 {
                try await intake.call(id, path: "/moved/")
            } else {
                _ = try await intake.tell(id)
            }
        }
        #expect(!report.succeeded)
        let redirect = try #require(report.behaviours?.first)
        #expect(redirect.violations == .init(redirectsFollowed: redirect.requests))
        let well = try #require(report.behaviours?.last)
        #expect(well.requests > 0 && redirect.requests > 0)
        #expect(well.violations == .init(afterReceipt: well.requests) && report.duplicates == well.requests)
    }

    @Test func whereRedirectsPointIsNothingToAPartnerThatBehaves() async throws {
        let report = try await FakeIntake().simulate(.madeUp(MadeUpRequests(count: 1, prefix: "m-", seed: 5))) {
            intake, post in
            #expect(try await intake.call(post.id, path: "/moved/") == 404)
            try await intake.call(post.id)
            return FakeIntake.accepted(post.id)
        }
        #expect(report.succeeded && report.behaviours == nil)
    }
}
