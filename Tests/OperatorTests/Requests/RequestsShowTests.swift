import AdminAPI
import Contracts
import Foundation
import Testing

@testable import Operator

/// What `intake requests show` says of the next attempt: never a time that has passed.
@Suite struct RequestsShowTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)

    @Test(
        arguments: [
            ("retrying", 60.0, "after attempt 2 of 10 (http-503), 2026-09-21T14:14:20.000Z"),
            ("retrying", -60, "after attempt 2 of 10 (http-503), at its turn"),
            ("retrying", nil, "after attempt 2 of 10 (http-503), at its turn"),
            // An older service names a time all the same.
            (
                "held", -60,
                "after attempt 2 of 10 (http-503), with the next probe of the partner's endpoint, or when it answers again"
            ),
            ("delivered", -60, nil), ("failed", nil, nil), ("pending", nil, nil),
        ] as [(String, Double?, String?)])
    func theNextAttemptHasATimeThatIsToCome(_ status: String, _ seconds: Double?, _ text: String?) {
        let shown = Self.shown { job in
            job.notification = NotificationView(
                status: status, sequence: 1, since: Self.now - 600, attempt: 2, of: 10,
                nextAttemptAt: seconds.map { Self.now + $0 }, error: .init(code: "http-503", message: "Away."),
                summary: "covered")
        }
        let line = RequestsShow.text(shown, now: Self.now).split(separator: "\n").first { $0.hasPrefix("next attempt") }
        #expect(line.map { String($0.dropFirst("next attempt  ".count)) } == text)
    }

    @Test func anotherStagesRetryIsShownUntilItsTime() {
        for (seconds, isShown) in [(5.0, true), (-5.0, false)] {
            let shown = Self.shown { job in
                job.retry = .init(
                    stage: .geocode, attempt: 1, of: 6, nextAttemptAt: Self.now + seconds,
                    error: .init(code: "timeout", message: "Slow."))
            }
            #expect(RequestsShow.text(shown, now: Self.now).contains("after attempt 1 of 6 (timeout)") == isShown)
        }
    }

    private static func shown(_ change: (inout JobView) -> Void) -> ShowRequest.Answer {
        let id = DeadFixture.requestID
        var job = JobView(
            id: id, status: "in-progress", stage: .callback, location: "/api/jobs/\(id)",
            timeline: .init(acceptedAt: now - 900))
        change(&job)
        return ShowRequest.Answer(
            request: RequestSummary(
                id: id, provider: "portal", providerRequestId: "P-1", organization: "relief", acceptedAt: now - 900,
                job: "in-progress", stage: .callback, acceptance: true), job: job)
    }
}
