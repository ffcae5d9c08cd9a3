import Foundation
import Testing

@testable import PartnerSimulator

@Suite struct SimulationReportTests {
    private func report(_ change: (inout SimulationReport) -> Void = { _ in }) -> SimulationReport {
        var report = SimulationReport(
            ending: .complete, requests: 60, accepted: 60, refused: [:], unanswered: [:], unsent: 0, toldYes: 41,
            toldNo: 19, stillWaiting: 0, wrong: 0, wrongIDs: [], duplicates: 0, contradictions: 0, unexpected: 0,
            unauthorized: 0, malformed: 0, acceptance: LatencySummary(p50: 1.25, p99: 9.5, p999: 11, max: 12),
            wholeWay: LatencySummary(p50: 40, p99: 90.06, p999: 800, max: 12_345), elapsedSeconds: 1.26,
            toldPerSecond: 1612.4,
            waiting: [])
        change(&report)
        return report
    }

    @Test func theTableOfACleanRunIsShort() {
        #expect(
            report().table == """
                requests                              60
                accepted                              60
                refused                                0
                told yes                              41
                told no                               19
                still waiting                          0
                duplicates                             0
                unexpected                             0

                                         p50         p99       p99.9         max
                202 after             1.2 ms      9.5 ms     11.0 ms     12.0 ms
                told after           40.0 ms     90.1 ms    800.0 ms      12.3 s

                1.3 s, 1612 requests/s told

                """)
    }

    @Test func theTableNamesWhatWentWrong() {
        let table = report {
            $0.ending = .timeout
            $0.refused = ["503": 2, "409": 1]
            $0.unanswered = ["connection refused": 4]
            $0.unsent = 5
            $0.stillWaiting = 2
            $0.wrong = 1
            $0.wrongIDs = ["r-9"]
            $0.contradictions = 3
            $0.unauthorized = 6
            $0.malformed = 7
            $0.signatures = .init(verified: 48, missing: 8, wrong: 9)
            $0.acceptance = nil
            $0.toldPerSecond = nil
            $0.waiting = [.init(id: "r-1", location: "/api/jobs/1", job: "HTTP 200 retrying"), .init(id: "r-2")]
        }.table
        let rows = [
            "refused                                3", "  HTTP 409                             1",
            "  HTTP 503                             2", "never answered                         4",
            "  connection refused                   4", "not sent                               5",
            "told both yes and no                   3", "callbacks without the token            6",
            "malformed callbacks                    7", "wrong decisions                        1",
            "202 after                  -           -           -           -",
            "409: requests with these ids are there already, of an earlier run; --provider-id-prefix makes new ids.",
            "signatures verified                   48", "callbacks without signature            8",
            "wrong signatures                       9",
            "Stopped waiting: nothing happened any more.",
            "wrong    r-9", "waiting  r-1  HTTP 200 retrying", "waiting  r-2",
        ]
        for row in rows { #expect(table.contains(row + "\n"), "\(row)") }
        #expect(!table.contains("requests/s"))
    }

    @Test func theTableSaysHowEachBehaviourFared() {
        let table = report {
            $0.behaviours = [
                BehaviourSummary(
                    behaviour: "lost-response", requests: 3, attempts: 6, told: 3, repeated: 3,
                    toldAfter: LatencySummary(p50: 1012, p99: 6050, p999: 6050, max: 6050)),
                BehaviourSummary(
                    behaviour: "redirect", requests: 2, attempts: 2, violations: .init(redirectsFollowed: 2)),
                BehaviourSummary(behaviour: "none", requests: 55, attempts: 55, told: 55),
            ]
        }.table
        #expect(
            table.contains(
                """
                behaviour      requests  attempts  told  repeated   told p50        p99  violations
                lost-response         3         6     3         3  1012.0 ms  6050.0 ms           0
                redirect              2         2     0         0          -          -           2
                none                 55        55    55         0          -          -           0
                violations: 2 redirects followed

                1.3 s, 1612 requests/s told

                """), "\(table)")
    }

    @Test func theJSONReadsBackAsItWas() throws {
        let report = report {
            $0.waiting = [.init(id: "r-1", location: "/api/jobs/1", job: "HTTP 200")]
            $0.behaviours = [BehaviourSummary(behaviour: "429", requests: 1, violations: .init(afterReceipt: 1))]
        }
        #expect(try JSONDecoder().decode(SimulationReport.self, from: report.json) == report)
        #expect(try report.json.last == UInt8(ascii: "\n"))
    }

    @Test func onlyACompleteRunWithEveryRequestToldSucceeds() {
        #expect(report().succeeded)
        #expect(report { $0.duplicates = 3 }.succeeded)
        #expect(!report { $0.ending = .interrupted }.succeeded)
        #expect(!report { $0.accepted = 59 }.succeeded)
        #expect(!report { $0.stillWaiting = 1 }.succeeded)
        #expect(!report { $0.wrong = 1 }.succeeded)
        #expect(!report { $0.contradictions = 1 }.succeeded)
        #expect(report { $0.signatures = .init(verified: 60) }.succeeded)
        #expect(!report { $0.signatures = .init(verified: 59, missing: 1) }.succeeded)
        #expect(!report { $0.signatures = .init(verified: 60, wrong: 1) }.succeeded)
        #expect(report { $0.behaviours = [BehaviourSummary(behaviour: "slow", repeated: 3)] }.succeeded)
        let followed = MisbehaviourBooks.Violations(redirectsFollowed: 1)
        #expect(!report { $0.behaviours = [BehaviourSummary(behaviour: "redirect", violations: followed)] }.succeeded)
    }

    @Test func theBarGrowsWithWhatIsToldAndAccepted() {
        let progress = SimulationProgress(requests: 10, sent: 9, accepted: 6, told: 3)
        #expect(ProgressBar.bar(progress) == "[#########+++++++++------------] 6 of 10 accepted, 3 told")
        #expect(ProgressBar.line(SimulationProgress(requests: 0)) == "0 of 0 accepted, 0 told")
        // Told before its 202 was read.
        let overtaken = SimulationProgress(requests: 1, sent: 1, accepted: 0, told: 1)
        #expect(ProgressBar.bar(overtaken).hasPrefix("[##############################]"))
    }
}
