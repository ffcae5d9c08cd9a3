import AdminAPI
import Contracts
import DeadLetters
import Foundation
import Testing

@testable import Operator

@Suite struct DeadOutputTests {
    private let now = DeadFixture.diedAt + 7200

    @Test func theListIsGroupedAndComparedWithTheQueues() {
        let letter = DeadFixture.entry()
        var list = DeadLetterList(
            query: DeadLetterQuery(),
            page: DeadLetterPage(
                groups: [.init(stage: .callback, reason: "out-of-attempts", count: 21, oldest: DeadFixture.diedAt)],
                deadLetters: Array(repeating: letter, count: 21)))
        list.queues = [
            .init(name: "intake.callback.dead", stage: .callback, messages: 21, recorded: 21),
            .init(name: "intake.progress.dead", stage: .progress, messages: 1, recorded: 0),
        ]
        let text = list.text(now: now)
        #expect(text.contains("callback  out-of-attempts     21  2h ago (2026-09-21T"))
        #expect(text.contains("\(letter.messageId)") && text.contains("http-503"))
        #expect(text.contains("… and 1 more"))
        #expect(text.contains("intake.callback.dead     21        21\n"))
        #expect(text.contains("intake.progress.dead      1         0  facts that the projection"))
        list.groups = []
        #expect(list.text(now: now).hasPrefix("No dead letters.\n"))
    }

    @Test func aLetterIsShownAndCannotSteerTheTerminal() {
        var letter = DeadFixture.entry(told: true)
        letter.headers = ["intake-host": "host-1\u{1B}[2J"]
        letter.body = "{\n  \"provider\" : \"p\"\n}"
        letter.bodyBytes = 12
        letter.resolution = .init(kind: "discarded", at: now, by: "ada@desk", why: "asked twice")
        let text = DeadLetterText.of(letter)
        #expect(text.contains("error         http-503: The partner answered 503."))
        #expect(text.contains("by ada@desk: asked twice") && text.contains("told all the same"))
        #expect(text.contains("body, 12 bytes") && !text.contains("\u{1B}"))
        letter.body = nil
        #expect(DeadLetterText.of(letter).contains("--raw"))
        letter.bodyBase64 = Data([0xFF]).base64EncodedString()
        #expect(DeadLetterText.of(letter).contains("/w=="))
    }

    @Test func aPlanTellsNoOpsFromCalls() {
        let plan = ReplayPlan(letters: [DeadFixture.entry(), DeadFixture.entry(told: true)])
        #expect(plan.text.contains("its partner is called again"))
        #expect(plan.text.hasSuffix("1 would be replayed, 1 would be no-ops (told already)\n"))
    }

    @Test func aRunIsSummedUpInOneLine() {
        #expect(RemedyTally().summary == "0 replayed")
        let tally = RemedyTally(
            total: 9, seen: 9, replayed: 3, discarded: 0, told: 2, leftovers: 1, oversized: 1)
        #expect(
            tally.summary
                == "3 replayed, 2 told already, so not replayed, 1 settled before, only removed, 1 too large, left, "
                + "2 others left where they were")
        #expect(RemedyTally(total: 1, seen: 1, discarded: 1).summary == "1 discarded")
        #expect(RemedyTally(total: 5, seen: 2, replayed: 2).summary == "2 replayed, 3 not looked at")
        #expect(RemedyTally(total: 4, seen: 2).bar.hasPrefix("[###############---------------] 2 of 4"))
    }

    @Test func anAuditNamesWhatIsNowhere() throws {
        let counts = RequestCounts(provider: "p", accepted: 4, told: 1, pending: 1, review: 1, dead: 1)
        var total = counts
        total.provider = nil
        let request = PendingRequest(
            id: RequestID(UUID()), provider: "p", stage: .decision, movedAt: DeadFixture.diedAt, isInOutbox: false)
        func report(_ place: AuditReport.Place) -> AuditReport {
            AuditReport(
                ConservationTable(providers: [counts], total: total), [.init(request: request, place: place)])
        }
        let lost = report(.nowhere)
        #expect(lost.text(now: now).contains("accepted = told + pending + review + dead holds"))
        #expect(!lost.isWell && lost.text(now: now).contains("NOWHERE") && lost.text(now: now).contains("holds"))
        for place in [AuditReport.Place.outbox, .queue("q.retry.1s"), .backlog("q", ready: 2, consumers: 0)] {
            #expect(report(place).isWell)
        }
        #expect(report(.backlog("q", ready: 2, consumers: 0)).text(now: now).contains("nobody consumes"))
        var mended = lost
        mended.stuck[0].repair = .published(eventType: "request.geocoded")
        #expect(mended.isWell && mended.text(now: now).contains("1 of them published again"))
        mended.stuck[0].repair = .failed("no")
        #expect(!mended.isWell)
        total.dead = 0
        let wrong = AuditReport(ConservationTable(providers: [counts], total: total), [])
        #expect(!wrong.isWell && wrong.text(now: now).contains("DOES NOT HOLD"))
        #expect(String(decoding: try Output.jsonText(lost), as: UTF8.self).contains("\"place\" : \"NOWHERE\""))
        #expect(String(decoding: try Output.jsonText(lost), as: UTF8.self).contains("\(request.id)"))
    }
}
