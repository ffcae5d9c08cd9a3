import AdminAPI
import Contracts
import Foundation
import Testing

@testable import IngestService

/// What every `RequestStore` must make of reviews.
///
/// RequestStore reviews.
@Suite(.serialized)
struct ReviewConformanceTests {
    @Test(arguments: StoreDriver.allCases, ReviewAnswer.allCases)
    func aVerdictIsWrittenWithItsEvent(_ driver: StoreDriver, _ answer: ReviewAnswer) async throws {
        try await driver.withStore { store in
            let id = try await inReview(store)
            let before = try #require(try await store.outboxStatus().last)
            let verdict = Fixture.verdict(answer, note: "asked the chapter")
            guard case .decided(let request) = try await store.decideReview(of: id, verdict) else {
                Issue.record("it was not decided")
                return
            }
            let entry = try await store.lastEntry()
            #expect(request == (try await store.request(id)))
            #expect(request.job == .inProgress(stage: .callback, retry: nil) && request.openReview == nil)
            #expect(try await store.outbox(after: before, limit: 10) == [entry])
            let event = try Event<RequestDecided>(entry.message)
            #expect(
                event.data.decision.acceptance == (answer == .accept) && event.data.decision.reason == answer.reason)
            #expect(event.data.decision.rule == "radius:boston" && event.data.decision.coverageVersion == "v1")
            #expect(
                event.data.decision.precision == .zip && event.data.decision.explanation?.contains("A person") == true)
            #expect(event.time == Fixture.now + 60 && entry.message.routingKey == "request.decided.portal")
            let entries = try #require(try await store.job(id)).events.filter { $0.at >= Fixture.now + 2 }
            #expect(entries.map(\.kind) == [.reviewRequested, .decided, .reviewed])
            #expect(entries.last?.detail == "\(event.data.decision.acceptance ? "accepted" : "declined") by ada@desk")
            #expect(entries.last?.note == "asked the chapter")

            // What comes back over the broker says the same, and so does who decides the same again.
            _ = try await store.apply(.decided(Recorded(event.data.decision, at: event.time)), to: id)
            #expect(try await store.request(id) == request)
            #expect(try await store.decideReview(of: id, Fixture.verdict(answer, after: 99)) == .unchanged(request))
            #expect(try await store.outbox(after: entry.sequence, limit: 10).isEmpty)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatCannotBeWritesNothing(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let fresh = try await accept(store)
            #expect(try await store.decideReview(of: fresh, Fixture.verdict(.accept)) == .notAsked)
            #expect(try await store.decideReview(of: Fixture.id(), Fixture.verdict(.accept)) == .unknown)
            let id = try await inReview(store)
            let others = Fixture.verdict(.accept, organization: "other-org")
            #expect(try await store.decideReview(of: id, others) == .unknown)
            var careful = Fixture.verdict(.accept)
            careful.precondition = { _ in false }
            #expect(try await store.decideReview(of: id, careful) == .preconditionFailed)
            #expect(try await store.request(id)?.decision == nil)
            // The partner was told: whatever was decided has not come here yet.
            _ = try await store.apply(Fixture.delivered(), to: fresh)
            let told = try #require(try await store.request(fresh))
            #expect(try await store.decideReview(of: fresh, Fixture.verdict(.accept)) == .decidedOtherwise(told))
            #expect(try await store.outboxStatus().count == 2, "only what came with the requests")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func ofTwoWhoDecideAtOnceTheFirstOneWins(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            for round in 0..<10 {
                let id = try await inReview(store)
                let outcomes = try await withThrowingTaskGroup(of: ReviewOutcome.self) { group in
                    for answer in round.isMultiple(of: 2) ? [ReviewAnswer.accept, .decline] : [.decline, .accept] {
                        group.addTask { try await store.decideReview(of: id, Fixture.verdict(answer)) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let won = outcomes.compactMap { if case .decided(let request) = $0 { request } else { nil } }
                #expect(won.count == 1 && outcomes.contains(.decidedOtherwise(won[0])))
                #expect(try await store.request(id)?.decision == won[0].decision)
            }
            #expect(try await store.outboxStatus().count == 20, "a request's event each, and one answer")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theRulesEndAReviewButChangeNone(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let open = try await inReview(store)
            _ = try await store.apply(Fixture.decided(after: 9, acceptance: false), to: open)
            let decided = try #require(try await store.request(open))
            #expect(decided.openReview == nil && decided.decision?.reason == .notCovered)
            #expect(try await store.decideReview(of: open, Fixture.verdict(.accept)) == .decidedOtherwise(decided))
            #expect(try await store.openReviews(after: nil, limit: 10).isEmpty)

            let over = try await inReview(store)
            _ = try await store.decideReview(of: over, Fixture.verdict(.accept))
            let reviewed = try await store.request(over)
            _ = try await store.apply(Fixture.decided(after: 600, acceptance: false), to: over)
            _ = try await store.apply(Fixture.reviewRequested(after: 601), to: over)
            #expect(try await store.request(over)?.decision == reviewed?.decision)
            #expect(try await store.request(over)?.openReview == nil)
            // Neither is looked at again once the deadline has passed.
            #expect(try await store.decideOverdueReviews(at: Fixture.now + 9000, after: nil, limit: 10).decided.isEmpty)
            #expect(try await store.nextReviewDeadline(after: nil) == nil)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theAnswerHasOneIdWhoeverGivesIt(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var ids: [UUID?] = []
            for answer in [ReviewAnswer.accept, nil] {
                let request = Fixture.newRequest()
                _ = try await store.accept(request, event: try Fixture.event(request))
                _ = try await store.apply(Fixture.geocoded(), to: request.id)
                let accepted = EventID.derive(from: request.id.uuid, stage: "ingest", type: .requestAccepted)
                let geocoded = EventID.derive(from: accepted, stage: "geocode", type: .requestGeocoded)
                let decided = EventID.derive(from: geocoded, stage: "decision", type: .requestDecided)
                if let answer {
                    _ = try await store.apply(Fixture.reviewRequested(), to: request.id)
                    guard
                        case .decided = try await store.decideReview(of: request.id, Fixture.verdict(answer))
                    else {
                        Issue.record("it was not decided")
                        return
                    }
                    let entry = try await store.lastEntry()
                    #expect(entry.message.id == decided)
                    try await store.removeFromOutbox(entry.sequence)
                } else {
                    _ = try await store.apply(Fixture.decided(), to: request.id)
                }
                guard case .enqueued = try await store.publishAgain(request.id, at: Fixture.now + 99) else {
                    Issue.record("it is not under way")
                    return
                }
                let again = try await store.lastEntry()
                #expect(again.message.id == decided)
                ids.append(again.message.id)
            }
            #expect(ids.count == 2)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatNobodyDecidesFallsBackInItsTime(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let late = try await inReview(store, deadline: 300, fallback: true)
            let first = try await inReview(store, deadline: 100)
            let second = try await inReview(store, deadline: 200, fallback: true)
            #expect(try await store.openReviews(after: nil, limit: 10).map(\.id) == [first, second, late])
            #expect(try await store.nextReviewDeadline(after: nil) == Fixture.now + 100)
            #expect(try await store.decideOverdueReviews(at: Fixture.now + 99, after: nil, limit: 10).decided.isEmpty)
            let before = try await store.lastEntry()
            let batch = try await store.decideOverdueReviews(at: Fixture.now + 200, after: nil, limit: 10)
            let entries = try await store.outbox(after: before.sequence, limit: 10)
            #expect(batch.decided == [first, second] && entries.map(\.message.requestID) == [first, second])
            for (entry, acceptance) in zip(entries, [false, true]) {
                let data = try Event<RequestDecided>(entry.message).data.decision
                #expect(data.acceptance == acceptance && data.reason == .reviewOverdue)
                #expect(data.explanation?.contains(acceptance ? "is yes" : "is no") == true)
            }
            #expect(try await store.decideOverdueReviews(at: Fixture.now + 200, after: nil, limit: 10).decided.isEmpty)
            #expect(try await store.nextReviewDeadline(after: nil) == Fixture.now + 300)
            let overdue = try #require(try await store.request(first))
            #expect(try await store.decideReview(of: first, Fixture.verdict(.accept)) == .decidedOtherwise(overdue))
            let figures = ReviewFigures(open: 1, oldest: Fixture.now + 2, overdue: 1)
            #expect(try await store.reviewFigures(at: Fixture.now + 301) == figures)
            #expect(try await store.reviewFigures(at: Fixture.now + 299).overdue == 0)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aNewerReviewTakesTheOlderOnesPlace(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await inReview(store, deadline: 300)
            _ = try await store.apply(Fixture.reviewRequested(after: 5, deadline: 900, fallback: true), to: id)
            _ = try await store.apply(Fixture.reviewRequested(after: 4, deadline: 400), to: id)
            #expect(try await store.request(id)?.review == Fixture.review(after: 5, deadline: 900, fallback: true))
            #expect(try await store.nextReviewDeadline(after: nil) == Fixture.now + 900)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func pagesOfReviewsCoverEachOnce(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var ids: Set<RequestID> = []
            // Two of them with the same deadline.
            for deadline in [300.0, 100, 200, 200, 400] { ids.insert(try await inReview(store, deadline: deadline)) }
            var seen: [RequestID] = []
            var after: ReviewCursor?
            repeat {
                let page = try await store.openReviews(after: after, limit: 2)
                seen += page.map(\.id)
                after = page.last.flatMap { last in
                    last.review.flatMap { ReviewCursor("\(ReviewCursor(deadline: $0.deadline, id: last.id))") }
                }
            } while after != nil
            #expect(seen.count == 5 && Set(seen) == ids)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatIsErasedStaysInReview(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            // Geocoded or not: who asks a person has done with the street.
            for facts in [[Fixture.geocoded(), Fixture.reviewRequested()], [Fixture.reviewRequested()]] {
                let id = try await accept(store)
                for fact in facts { _ = try await store.apply(fact, to: id) }
                let erasure = try await store.erasePersonalData(of: id, force: false, at: Fixture.now + 9)
                #expect(erasure == .erased(at: Fixture.now + 9, isNew: true))
                let erased = try #require(try await store.request(id))
                #expect(erased.submission.name.isEmpty && erased.openReview == Fixture.review())
                let verdict = Fixture.verdict(.accept)
                guard case .decided = try await store.decideReview(of: id, verdict) else {
                    Issue.record("it was not decided")
                    return
                }
            }
            // Nor does its time come before somebody has decided.
            let id = try await inReview(store)
            let later = Fixture.now + 1000 * 86400
            #expect(try await store.expireJobs(endedBefore: later, at: later, limit: 10) == 0)
            #expect(try await store.erasePersonalData(acceptedBefore: later, at: later, limit: 10) == 0)
            #expect(try await store.request(id)?.openReview != nil)
        }
    }

    private func inReview(
        _ store: RequestStore, deadline: Double = 7200, fallback: Bool = false
    ) async throws -> RequestID {
        let id = try await accept(store)
        _ = try await store.apply(Fixture.geocoded(), to: id)
        _ = try await store.apply(Fixture.reviewRequested(deadline: deadline, fallback: fallback), to: id)
        return id
    }

    private func accept(_ store: RequestStore) async throws -> RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        return request.id
    }
}
