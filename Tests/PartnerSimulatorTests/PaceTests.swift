import Terminal
import Testing

@testable import PartnerSimulator

@Suite struct PaceTests {
    @Test func turnsAreEvenlyApart() {
        let start = ContinuousClock.now
        let pace = Pace(perSecond: 4, from: start)
        #expect(pace.due(0) == start)
        #expect(pace.due(6) == start + .milliseconds(1500))
    }

    @Test func waitsGrowToTheirCeilingAndHonourTheServer() {
        var backoff = Backoff()
        for ceiling in [100, 200, 400, 800, 1600, 3200, 5000, 5000] {
            let delay = backoff.next(atLeast: nil)
            #expect(delay <= .milliseconds(ceiling))
            #expect(delay >= .milliseconds(ceiling) / 2)
        }
        var asked = Backoff()
        #expect(asked.next(atLeast: .seconds(7)) == .seconds(7))
    }

    @Test func theTokenGoesNowhereElse() {
        let api = PartnerAPI(base: "http://127.0.0.1:8080/", token: "t")
        #expect(api.requestsURL == "http://127.0.0.1:8080/api/requests")
        #expect(api.url(ofLocation: "/api/jobs/1") == "http://127.0.0.1:8080/api/jobs/1")
        #expect(api.url(ofLocation: "//evil.example/") == nil)
        #expect(api.url(ofLocation: "http://evil.example/") == nil)
    }
}
