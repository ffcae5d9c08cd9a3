import AdminAPI
import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

@Suite("Changes at the desk", .serialized)
struct DeskChangesTests {
    @Test(arguments: StoreDriver.allCases) func aStepTellsThePartnerAndNamesWhoTookIt(_ driver: StoreDriver)
        async throws
    {
        try await DeskHarness.with(driver) { desk in
            let id = try await desk.covered()
            let browser = try await desk.signIn(DeskHarness.ada)
            let form = [("seen", try await browser.seen(id)), ("step", "scheduled"), ("note", "Tuesday,\r\nat noon")]
            let answer = try await browser.post("/desk/requests/\(id)/step", form)
            #expect(answer.status == 303 && answer.headers[.location] == "/desk/requests/\(id)?done=step")
            let job = try #require(try await desk.store.job(id))
            #expect(
                job.request.organizationProgress.status == .scheduled && job.request.organizationProgress.sequence == 2)
            #expect(job.timeline.last?.person == "Ada Lovelace" && job.timeline.last?.note == "Tuesday,\nat noon")
            #expect(desk.handedOver.entries.last?.message.type == .requestStatusChanged)
            let entry = try #require(try await desk.store.audit(AuditFilter(request: id), before: nil, limit: 9).first)
            #expect(entry.person == DeskHarness.ada.email && entry.action == .stepTaken && entry.detail == "scheduled")
            let page = try await browser.get("/desk/requests/\(id)").text
            #expect(page.contains("Marked as scheduled") && page.contains("Ada Lovelace") && page.contains("at noon"))
            // The partner learns nothing of the person.
            #expect(JobView(job, at: Fixture.now).events?.allSatisfy { $0.note == nil } == true)
        }
    }

    @Test(arguments: StoreDriver.allCases) func whatFollowsNotIsRefused(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            let new = try await desk.covered()
            let refused = try await browser.step(new, "completed")
            #expect(refused.status == 409 && refused.text.contains("does not follow from new"))
            let declined = try await desk.request(facts: [Fixture.geocoded(), Fixture.decided(acceptance: false)])
            let undecided = try await desk.request()
            for id in [declined, undecided] {
                let seen = DeskRevision(try #require(try await desk.store.request(id))).description
                #expect(try await browser.step(id, "assigned", seen: seen).status == 409)
                #expect(try await desk.store.request(id)?.organizationProgress == OrganizationProgress())
            }
            for form in [[], [("step", "assigned")], [("seen", "1.0."), ("step", "flying")], [("seen", "1.0.")]] {
                #expect(try await browser.post("/desk/requests/\(new)/step", form).status == 422, "\(form)")
            }
            let long = String(repeating: "é", count: 501)
            for note in [long, "bell\u{7}"] {
                let form = [("seen", try await browser.seen(new)), ("step", "assigned"), ("note", note)]
                #expect(try await browser.post("/desk/requests/\(new)/step", form).status == 422)
            }
            #expect(try await desk.store.request(new)?.organizationProgress.status == .new)
        }
    }

    @Test(arguments: StoreDriver.allCases) func ofTwoWhoChangeOneRequestTheSecondSeesIt(_ driver: StoreDriver)
        async throws
    {
        try await DeskHarness.with(driver) { desk in
            let id = try await desk.covered()
            let (ada, cleo) = (try await desk.signIn(DeskHarness.ada), try await desk.signIn(DeskHarness.cleo))
            let seen = try await cleo.seen(id)
            #expect(try await ada.step(id, "scheduled").status == 303)
            let form = [("seen", seen), ("step", "canceled"), ("note", "nobody at home")]
            let answer = try await cleo.post("/desk/requests/\(id)/step", form)
            #expect(answer.status == 409 && answer.text.contains("Somebody changed this request"))
            #expect(
                answer.text.contains("marked as scheduled by Ada Lovelace") && answer.text.contains("nobody at home"))
            #expect(try await desk.store.request(id)?.organizationProgress.status == .scheduled)
            // What the system does meanwhile is no change of anybody's.
            let fresh = try await cleo.seen(id)
            _ = try await desk.store.apply(Fixture.delivered(sequence: 2, after: 900), to: id)
            #expect(try await cleo.step(id, "canceled", seen: fresh).status == 303)
        }
    }

    @Test(arguments: StoreDriver.allCases) func aRequestIsPutIntoSomebodysHands(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let id = try await desk.covered()
            let browser = try await desk.signIn(DeskHarness.ada)
            func assign(_ form: [(String, String)]) async throws -> DeskHarness.Answer {
                try await browser.post("/desk/requests/\(id)/assignment", [("seen", try await browser.seen(id))] + form)
            }
            #expect(
                try await assign([
                    ("assignee", " Cleo  Haddad"), ("team", "East"), ("due", "2026-09-20"), ("tell", "yes"),
                ])
                .status == 303)
            let request = try #require(try await desk.store.request(id))
            #expect(
                request.assignment
                    == Assignment(assignee: "Cleo  Haddad", team: "East", due: Day("2026-09-20"), revision: 1))
            #expect(request.organizationProgress.status == .assigned)
            let page = try await browser.get("/desk/requests/\(id)").text
            #expect(page.contains("Put into the hands of Cleo  Haddad, East, due 2026-09-20"))
            #expect(try await browser.get("/desk").text.contains("Overdue since Sep 20"))
            // The same again is no change.
            #expect(
                try await assign([("assignee", "Cleo  Haddad"), ("team", "East"), ("due", "2026-09-20")]).status == 303)
            #expect(try await desk.store.request(id)?.assignment?.revision == 1)
            #expect(try await assign([]).status == 303)
            #expect(try await desk.store.request(id)?.assignment?.hands == nil)
            for form in [
                [("due", "2026-02-30")], [("due", "x")], [("assignee", String(repeating: "x", count: 129))],
                [("team", "a\u{202E}b")],
            ] {
                #expect(try await assign(form).status == 422, "\(form)")
            }
            // What is closed is not overdue.
            #expect(try await assign([("assignee", "Cleo"), ("due", "2026-09-19")]).status == 303)
            let today = Day(desk.clock.now)
            #expect(try await desk.store.deskCounts(of: "relief-org", today: today).overdue == 1)
            #expect(try await browser.step(id, "completed").status == 303)
            #expect(try await desk.store.deskCounts(of: "relief-org", today: today).overdue == 0)
            #expect(try await browser.step(id, "reopened").status == 303)
            #expect(try await desk.store.deskCounts(of: "relief-org", today: today).overdue == 1)
        }
    }

    @Test(arguments: StoreDriver.allCases) func aNoteChangesNothingElseAndOutlivesTheJob(_ driver: StoreDriver)
        async throws
    {
        try await DeskHarness.with(driver) { desk in
            let id = try await desk.covered()
            let browser = try await desk.signIn(DeskHarness.ada)
            let before = try await browser.seen(id)
            #expect(try await browser.post("/desk/requests/\(id)/note", [("note", "dog in the yard")]).status == 303)
            #expect(try await browser.post("/desk/requests/\(id)/note", [("note", "gate code 7")]).status == 303)
            #expect(try await browser.post("/desk/requests/\(id)/note", []).status == 422)
            #expect(try await browser.seen(id) == before)
            _ = try await desk.store.expireJobs(endedBefore: Fixture.now + 9999, at: Fixture.now + 9999, limit: 9)
            let page = try await browser.get("/desk/requests/\(id)").text
            #expect(page.contains("dog in the yard") && page.contains("gate code 7"))
            _ = try await desk.store.erasePersonalData(of: id, force: true, at: Fixture.now + 9999)
            let erased = try await browser.get("/desk/requests/\(id)").text
            #expect(
                !erased.contains("dog in the yard") && !erased.contains("Ada Example") && !erased.contains("Main St"))
        }
    }

    @Test func aReviewIsDecidedOnce() async throws {
        try await DeskHarness.with { desk in
            let (ada, cleo) = (try await desk.signIn(DeskHarness.ada), try await desk.signIn(DeskHarness.cleo))
            let id = try await desk.request(facts: [Fixture.geocoded(), Fixture.reviewRequested()])
            let inbox = try await ada.get("/desk").text
            #expect(inbox.contains("Decide within 1 h") && inbox.contains("Ada Example"))
            let (seen, path) = (try await cleo.seen(id), "/desk/requests/\(id)/decision")
            for form in [[], [("decision", "accept")], [("seen", seen), ("decision", "perhaps")]] {
                #expect(try await ada.post(path, form).status == 422)
            }
            #expect(
                try await ada.post(path, [("seen", seen), ("decision", "accept"), ("note", "called")]).status == 303)
            let late = try await cleo.post(path, [("seen", seen), ("decision", "decline"), ("note", "too far")])
            #expect(
                late.status == 409 && late.text.contains("Decided: covered by Ada Lovelace")
                    || late.text.contains("decided: covered by Ada Lovelace"))
            #expect(late.text.contains("too far"))
            let job = try #require(try await desk.store.job(id))
            #expect(job.request.decision?.reason == .reviewAccepted)
            let entry = try #require(job.timeline.last { $0.kind == .reviewed })
            #expect(entry.person == "Ada Lovelace" && entry.detail == "accepted by the organization's staff")
            #expect(desk.handedOver.entries.map(\.message.type).last == .requestDecided)
            #expect(
                try await desk.store.audit(AuditFilter(request: id), before: nil, limit: 1).first?.action == .decided)
        }
    }

    @Test func manyAreChangedAtOnceWithASummaryAndAReport() async throws {
        try await DeskHarness.with { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            var ids: [Contracts.RequestID] = []
            for index in 0..<5 { ids.append(try await desk.covered(after: Double(index))) }
            let declined = try await desk.request(facts: [Fixture.decided(acceptance: false)])
            let others = try await desk.covered(provider: Fixture.otherProvider)
            let picks = (ids + [declined, others]).map { ("pick", "\($0)") }
            let change = [("step", "assigned"), ("assignee", "Cleo Haddad"), ("due", "2026-10-01")]
            let before = try await desk.dump()
            let summary = try await browser.post("/desk/bulk", picks + change).text
            #expect(summary.contains("Will be changed: 5") && summary.contains("you do not cover it"))
            #expect(try await desk.dump() == before, "a summary changes nothing")
            let fields = summary.matches(of: /name="(pick|seen)" value="([^"]*)"/).map {
                (String($0.output.1), String($0.output.2))
            }
            #expect(fields.count == 10 && !fields.contains { $0.1 == "\(others)" })
            // One of them is changed by another meanwhile.
            #expect(try await browser.step(ids[2], "canceled").status == 303)
            let report = try await browser.post("/desk/bulk/apply", fields + change + [("note", "block A")]).text
            #expect(
                report.contains("Done in part") && report.contains("4 of 5") && report.contains("changed it meanwhile"))
            for (index, id) in ids.enumerated() {
                let request = try #require(try await desk.store.request(id))
                #expect(request.organizationProgress.status == (index == 2 ? .canceled : .assigned))
                #expect(request.assignment?.assignee == (index == 2 ? nil : "Cleo Haddad"))
            }
            #expect(desk.handedOver.entries.filter { $0.message.type == .requestStatusChanged }.count == 5)
            for form in [[], [("step", "assigned")], [picks[0]], [picks[0], ("due", "x")]] {
                #expect(try await browser.post("/desk/bulk", form).status == 422, "\(form)")
            }
            // What is not named stays.
            let due = [("pick", "\(ids[0])"), ("due", "2026-10-02")]
            let second = try await browser.post("/desk/bulk", due).text
            let seen = String(try #require(second.firstMatch(of: /name="seen" value="([^"]*)"/)).output.1)
            _ = try await browser.post("/desk/bulk/apply", due + [("seen", seen)])
            let kept = try await desk.store.request(ids[0])?.assignment
            #expect(kept?.assignee == "Cleo Haddad" && kept?.due == Day("2026-10-02"))
        }
    }
}
