import AdminAPI
import Contracts
import Foundation
import Terminal
import Testing

@testable import Operator

/// What is made of the answers that `intake status` gets.
@Suite struct StatusTests {
    private func service(_ name: String, reached: Bool = true, _ problems: [String] = [], metrics: String = "")
        -> ServiceStatus
    {
        ServiceStatus(
            service: name, address: "http://h:1", isReached: reached, isReady: problems.isEmpty, version: "1",
            problems: problems, metrics: PrometheusText(metrics))
    }

    private func stages(consumers: Int = 1, dead: Int = 0) -> [SystemStatus.StageStatus] {
        Stage.allCases.map { .init(stage: $0, waiting: 3, consumers: consumers, retrying: 0, dead: dead) }
    }

    private func needs(_ change: (inout SystemStatus) -> Void) -> [String] {
        var status = SystemStatus(services: ["ingest", "geocode"].map { service($0) }, stages: stages())
        change(&status)
        return status.whatNeedsAPerson()
    }

    @Test func whatIsWellNeedsNobody() {
        #expect(needs { _ in } == [])
        #expect(needs { $0.figures = .init(stuck: 0, openReviews: 4, overdueReviews: 0, outboxPending: 9) } == [])
    }

    @Test func everythingElseIsALine() {
        #expect(
            needs { $0.services[1] = service("geocode", reached: false) } == [
                "geocode does not answer at http://h:1: start it, or say where it is"
            ])
        #expect(
            needs { $0.services[0] = service("ingest", ["store: cannot write"]) } == ["ingest: store: cannot write"])
        #expect(needs { $0.untold = ["the broker is away"] } == ["the broker is away"])
        #expect(needs { $0.stages = stages(consumers: 0) }.count == Stage.allCases.count)
        #expect(needs { $0.stages = stages(dead: 2) } == ["\(2 * Stage.allCases.count) dead letters: intake dead list"])
        #expect(needs { $0.degradedEndpoints = ["portal"] }.first?.contains("endpoint of portal fails") == true)
        #expect(
            needs { $0.pausedPartners = ["portal"] } == [
                "the callbacks to portal are paused: intake callbacks resume portal"
            ])
        #expect(needs { $0.figures.overdueReviews = 1 } == ["1 reviews are overdue: intake review list"])
        #expect(needs { $0.figures.stuck = 2 } == ["2 requests do not move: intake audit"])
        #expect(needs { $0.services[0].version = "2" } == ["the services differ in version: 1, 2"])
        let wrong = RequestCounts(provider: nil, accepted: 3, told: 1, pending: 1, review: 0, dead: 0)
        #expect(
            needs { $0.requests = ConservationTable(providers: [], total: wrong) } == [
                "the counts do not add up: intake audit"
            ])
    }

    private static let since = Date(timeIntervalSince1970: 1_790_000_000)

    /// The readiness of CallbackService names the partners as well: one fact is one line.
    @Test func aPartnerThatIsNotToldIsOneLineThatSaysWhy() {
        let partner = WaitingPartner(
            provider: "portal", count: 12,
            endpoint: .init(
                degradedSince: Self.since, error: .init(code: "http-503", message: "The partner answered.")),
            paused: .init(since: Self.since, by: "olu", why: "they move"))
        let fails =
            "the endpoint of portal fails since 2026-09-21T14:13:20.000Z (http-503), 12 callbacks wait: "
            + "intake callbacks waiting portal"
        let paused =
            "the callbacks to portal are paused since 2026-09-21T14:13:20.000Z, by olu: they move; 12 callbacks wait: "
            + "intake callbacks waiting portal, or resume portal"
        func told(_ line: String, _ change: @escaping (inout SystemStatus) -> Void) -> [String] {
            needs {
                $0.services = [service("callback", ["partners: \(line)"])]
                $0.waiting = [partner]
                change(&$0)
            }
        }
        #expect(told("degraded: portal") { $0.degradedEndpoints = ["portal"] } == [fails])
        #expect(told("paused: portal") { $0.pausedPartners = ["portal"] } == [paused])
        #expect(
            told("degraded: portal; paused: portal") {
                ($0.degradedEndpoints, $0.pausedPartners) = (["portal"], ["portal"])
            } == [fails, paused])
        // Whom no other line names stays named.
        #expect(told("degraded: portal") { _ in } == ["callback: partners: degraded: portal"])
        #expect(
            told("degraded: other, portal") { $0.degradedEndpoints = ["portal"] } == [
                "callback: partners: degraded: other, portal", fails,
            ])
        // Only a process of CallbackService knows yet; and one who is told of trouble has no requests.
        #expect(
            told("degraded: pager, portal") {
                $0.degradedEndpoints = ["pager", "portal"]
                $0.waiting = [WaitingPartner(provider: "portal", count: 1)]
            } == [
                "the endpoint of pager fails: intake callbacks test pager",
                "the endpoint of portal fails, 1 callback waits: intake callbacks waiting portal",
            ])
    }

    /// By the header of the report, or by an older service's metrics.
    @Test(arguments: [true, false])
    func anotherServiceAtTheAddressIsNoticed(_ saysSo: Bool) async throws {
        let metrics = #"intake_build_info{service="geocode",version="1"} 1"#
        _ = try await FakeAdmin.run(
            headers: saysSo ? ["intake-service": "geocode"] : [:],
            answer: { line in (200, line.hasSuffix("metrics") ? (saysSo ? "" : metrics) : "store: broken\n") }
        ) { url in
            let api = ServiceAdmin(base: url, token: nil)
            let ingest = await ServiceStatus.ask("ingest", api)
            #expect(ingest.answeredBy == "geocode" && !ingest.isReached && !ingest.isReady && ingest.problems == [])
            #expect(
                needs { $0.services[0] = ingest } == ["geocode answers at \(url), not ingest: say where it is"])
            #expect(SystemStatus(services: [ingest]).lines[1].contains("ANOTHER"))
            let geocode = await ServiceStatus.ask("geocode", api)
            #expect(geocode.answeredBy == nil && geocode.isReached && geocode.problems == ["store: broken"])
        }
    }

    @Test func timesAreAsPeopleWriteThem() {
        var status = SystemStatus(services: [service("ingest")], stages: stages())
        status.figures = .init(stuck: 0, openReviews: 0, overdueReviews: 0, outboxPending: 3, outboxOldest: 7300)
        #expect(status.lines.contains("outbox    3 events wait, the oldest for 2h"))
    }

    @Test func oneCauseIsOneLine() {
        let away = "connect-failed: h:5672: no TCP connection (refused, or no way there)"
        let both = ["broker-publish: \(away)", "broker-consume: \(away)"]
        #expect(
            needs {
                $0.services = [
                    service(
                        "ingest", ["store: cannot write: SQLite 13 full", "outbox: cannot read: SQLite 13 full"] + both),
                    service("geocode", both + ["has no metrics (500)"]), service("decision", ["has no metrics (500)"]),
                ]
                $0.untold = ["the broker at h:5672 cannot be used (\(away)): see --broker-url", "something else"]
            } == [
                "ingest: store, outbox: cannot write: SQLite 13 full",
                "ingest, geocode: broker-publish, broker-consume: \(away)",
                "geocode, decision: has no metrics (500)", "something else",
            ])
        // The same words of two that are not the same broker.
        #expect(needs { $0.services = [service("a", ["stage: x"]), service("b", ["stage: y"])] }.count == 2)
    }

    @Test func whatNobodyToldIsNoGoodNews() {
        var callback = service("callback")
        func endpoints() -> String? { SystemStatus(services: [callback]).lines.first { $0.hasPrefix("endpoints") } }
        #expect(endpoints() == "endpoints ?")
        callback.toldMetrics = true
        #expect(endpoints() == "endpoints none fails")
        #expect(SystemStatus(services: []).lines.contains("endpoints ?"))
    }

    @Test func oneScreenSteersNoTerminal() {
        var status = SystemStatus(services: [service("ingest", ["x\u{1B}[2J\u{202E}"])], stages: stages())
        status.needs = status.whatNeedsAPerson()
        let text = status.lines.joined()
        #expect(text.contains("NOT READY") && text.contains("Needs a person:"))
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        #expect(status.lines.count < 24)
    }

    @Test func samplesAreReadAsTheFormatSays() {
        let text = PrometheusText(
            """
            # HELP a_total x
            # TYPE a_total counter
            a_total{name="b \\"c\\" \\\\ d",other="{}"} 3 1700000000
            a_total{name="e"} 4.5
            plain 1e3
            inf +Inf
            broken{ 7
            no value
            """)
        #expect(text.samples("a_total").map(\.value) == [3, 4.5])
        #expect(text.samples("a_total").first?.labels == ["name": "b \"c\" \\ d", "other": "{}"])
        #expect(text.sum("a_total") == 7.5 && text.sum("plain") == 1000 && text.sum("inf") == .infinity)
        #expect(text.sum("a_total") { $0.labels["name"] == "e" } == 4.5)
        #expect(text.sum("broken") == nil && text.sum("no") == nil)
        // Whatever answers on that port.
        #expect(SystemStatus.Figures(PrometheusText("intake_requests_stuck NaN\nintake_reviews_open 1e300")).stuck == 0)
    }
}
