import AdminAPI
import Contracts
import Foundation
import Testing

@testable import IngestService

/// What every `RequestStore` must make of facts, whatever their order.
///
/// RequestStore projection.
@Suite(.serialized)
struct ProjectionConformanceTests {
    /// One request's life: facts, and the job's state when all are in.
    struct Life: Sendable, CustomTestStringConvertible {
        var name: String
        var facts: [ProgressUpdate]
        var state: JobState
        var testDescription: String { name }
    }

    static let lives: [Life] = {
        func deadLettering(_ stage: Stage, _ seconds: Double) -> StageFailureRecord.DeadLettering {
            Fixture.letter(stage, after: seconds).deadLettering
        }
        func retry(_ stage: Stage, _ seconds: Double, _ attempt: Int, _ replays: Int = 0) -> StageFailureRecord.Retry? {
            let update = Fixture.retrying(stage, after: seconds, attempt: attempt, replays: replays)
            guard case .retrying(_, _, let retry) = update else { return nil }
            return retry
        }
        return [
            Life(
                name: "straight through", facts: [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()],
                state: .completed),
            Life(
                name: "each stage dead once, then replayed",
                facts: [
                    Fixture.dead(.geocode, after: 1), Fixture.geocoded(after: 2), Fixture.dead(.decision, after: 3),
                    Fixture.decided(after: 4), Fixture.dead(.callback, after: 5), Fixture.delivered(after: 6),
                ], state: .completed),
            Life(
                name: "the callback retries",
                facts: [
                    Fixture.geocoded(), Fixture.decided(), Fixture.retrying(.callback, after: 3, attempt: 1),
                    Fixture.retrying(.callback, after: 8, attempt: 2),
                ], state: .inProgress(stage: .callback, retry: retry(.callback, 8, 2))),
            Life(
                name: "the callback gives up",
                facts: [
                    Fixture.geocoded(), Fixture.decided(), Fixture.retrying(.callback, after: 3),
                    Fixture.dead(.callback, after: 9),
                ], state: .failed(stage: .callback, deadLettering(.callback, 9))),
            Life(
                name: "the callback gave up, was replayed and retries",
                facts: [
                    Fixture.geocoded(), Fixture.decided(), Fixture.dead(.callback, after: 9),
                    Fixture.replayed(.callback, deadLettering: 9, after: 19, replays: 0),
                    Fixture.retrying(.callback, after: 20, attempt: 1, replays: 1),
                ], state: .inProgress(stage: .callback, retry: retry(.callback, 20, 1, 1))),
            Life(
                name: "one of two messages was replayed",
                facts: [
                    Fixture.decided(), .dead(Fixture.letter(.callback, after: 9, id: Fixture.messageID(.geocode))),
                    Fixture.dead(.callback, after: 8),
                    Fixture.replayed(.callback, deadLettering: 8, after: 19, replays: 0),
                ], state: .failed(stage: .callback, deadLettering(.callback, 9))),
            Life(
                name: "the callback retried, gave up, and was replayed: its attempts count afresh",
                facts: [
                    Fixture.geocoded(), Fixture.decided(), Fixture.retrying(.callback, after: 3, attempt: 5),
                    Fixture.dead(.callback, after: 9), Fixture.replayed(.callback, deadLettering: 9, after: 20),
                ], state: .inProgress(stage: .callback, retry: nil)),
            Life(
                name: "replayed and dead again",
                facts: [
                    Fixture.geocoded(), Fixture.decided(), Fixture.dead(.callback, after: 9),
                    // By a clock that is ahead: what counts is which dead-lettering was undone.
                    Fixture.replayed(.callback, deadLettering: 9, after: 600), Fixture.dead(.callback, after: 30),
                ], state: .failed(stage: .callback, deadLettering(.callback, 30))),
            Life(
                name: "dead twice, and each replayed",
                facts: [
                    Fixture.dead(.geocode, after: 1), Fixture.replayed(.geocode, deadLettering: 1, after: 5),
                    Fixture.dead(.geocode, after: 7), Fixture.replayed(.geocode, deadLettering: 7, after: 4),
                ], state: .inProgress(stage: .geocode, retry: nil)),
            Life(
                name: "dead and discarded",
                facts: [
                    Fixture.geocoded(), Fixture.dead(.decision, after: 3),
                    Fixture.discarded(.decision, deadLettering: 3, after: 9),
                ], state: .failed(stage: .decision, deadLettering(.decision, 3))),
            Life(
                name: "a stage that retried has done its work",
                facts: [Fixture.retrying(.geocode, after: 1), Fixture.geocoded(after: 6)],
                state: .inProgress(stage: .decision, retry: nil)),
            Life(
                name: "a person is to decide",
                facts: [Fixture.dead(.decision, after: 1), Fixture.geocoded(), Fixture.reviewRequested(after: 3)],
                state: .inReview(Fixture.review(after: 3))),
            Life(
                name: "a person has decided, and the rules were asked once more",
                facts: [
                    Fixture.geocoded(), Fixture.reviewRequested(), Fixture.reviewed(.decline, after: 60),
                    Fixture.decided(after: 90), Fixture.delivered(after: 70),
                ], state: .completed),
            Life(
                name: "the deadline has decided, and the stage ran again after it",
                facts: [
                    Fixture.reviewRequested(),
                    .decided(Recorded(Decision(overdue: Fixture.review().fact), at: Fixture.now + 7200)),
                    .decided(Recorded(Decision(overdue: Fixture.review(fallback: true).fact), at: Fixture.now + 7300)),
                    Fixture.decided(after: 9000),
                ], state: .inProgress(stage: .callback, retry: nil)),
            Life(
                name: "the rules have decided after all",
                facts: [
                    Fixture.reviewRequested(after: 2), Fixture.reviewRequested(after: 4, deadline: 900),
                    Fixture.decided(after: 5),
                ], state: .inProgress(stage: .callback, retry: nil)),
            Life(
                name: "geocoded twice, differently",
                facts: [
                    Fixture.geocoded(after: 1, location: nil), Fixture.geocoded(after: 5), Fixture.decided(after: 6),
                ],
                state: .inProgress(stage: .callback, retry: nil)),
        ]
    }()

    @Test(arguments: StoreDriver.allCases, lives)
    func everyOrderEndsTheSame(_ driver: StoreDriver, _ life: Life) async throws {
        try await driver.withStore { store in
            let anonymous = Fixture.id()
            var results: [StoredRequest] = []
            for (number, facts) in permutations(life.facts).enumerated() {
                let request = Fixture.newRequest()
                _ = try await store.accept(request, event: try Fixture.event(request))
                let all = facts + facts.prefix(1)
                // One by one, two at a time, all together.
                let part = [1, 2, all.count][number % 3]
                for start in stride(from: 0, to: all.count, by: part) {
                    let records = all[start..<min(start + part, all.count)].map {
                        ProgressRecord(update: $0, id: request.id)
                    }
                    #expect(try await store.apply(records, isPatient: false).allSatisfy { $0 != .ofUnknown })
                }
                var stored = try #require(try await store.request(request.id))
                #expect(stored.job == life.state)
                stored.id = anonymous
                stored.submission.providerRequestID = ""
                results.append(stored)
            }
            #expect(results.allSatisfy { $0 == results[0] })
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theStateNeverMovesBackwards(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            for fact in [
                Fixture.delivered(), Fixture.geocoded(), Fixture.decided(), Fixture.dead(.callback, after: 99),
            ] {
                _ = try await store.apply(fact, to: request.id)
                #expect(try await store.request(request.id)?.job == .completed)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func everyFactIsKeptWhole(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let geocoding = Recorded(
                Geocoding(
                    state: "MA", zip: "02108", reason: .noMatch,
                    conflict: PlaceConflict(distanceKilometres: nil, zipState: nil),
                    disputes: [
                        DisputedAnswer(source: "census", reason: .tooFar, distanceKilometres: 61.5),
                        DisputedAnswer(source: "photon", reason: .otherState),
                    ], unavailable: ["nominatim"], regionCode: "NE-7"), at: Fixture.now + 1)
            _ = try await store.apply(.geocoded(geocoding), to: request.id)
            _ = try await store.apply(Fixture.decided(acceptance: false), to: request.id)
            let stored = try #require(try await store.request(request.id))
            #expect(stored.geocoding == geocoding)
            #expect(stored.decision?.acceptance == false)
            #expect(stored.decision?.rule == nil)
            _ = try await store.apply(Fixture.reviewRequested(), to: request.id)
            #expect(try await store.request(request.id)?.review == Fixture.review())
            let rooftop = GeocodedLocation(
                latitude: 42.36, longitude: -71.06, precision: .rooftop, source: "photon", confidence: 0.9,
                uncertaintyKilometres: 0.05, attribution: "© OpenStreetMap contributors")
            _ = try await store.apply(Fixture.geocoded(after: 5, location: rooftop), to: request.id)
            let decision = Recorded(
                Decision(
                    acceptance: true, reason: .withinRadius, rule: "radius:boston", coverageVersion: "v2",
                    precision: .rooftop, explanation: "It lies 3 km from the office.", needed: "a street address",
                    capacityNote: "weekends only"), at: Fixture.now + 6)
            _ = try await store.apply(.decided(decision), to: request.id)
            let whole = try #require(try await store.request(request.id))
            #expect(whole.geocoding?.location == rooftop && whole.geocoding?.disputes == [])
            #expect(whole.decision == decision)
            // It goes out again as it was.
            guard case .enqueued = try await store.publishAgain(request.id, at: Fixture.now + 9) else {
                Issue.record("it is not under way")
                return
            }
            let entry = try await store.lastEntry()
            let data = try Event<RequestDecided>(entry.message).data
            #expect(data.decision == decision.fact)
        }
    }

    /// A place that may lie in several counties goes out again with all of them: else the answer would become a sure
    /// one.
    @Test(arguments: StoreDriver.allCases)
    func theCountiesOfAPlaceGoOutAgain(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let location = GeocodedLocation(latitude: 37.2, longitude: -77.4, precision: .zip, source: "gazetteer")
            let geocoding = Recorded(
                Geocoding(
                    state: "MA", zip: "02108", countyFIPS: "51053", county: "Dinwiddie County",
                    counties: [
                        CountyShare(fips: "51053", name: "Dinwiddie County", share: 0.6),
                        CountyShare(fips: "51730", name: "Petersburg city", share: 0.4),
                    ], location: location, regionCode: "NE-7"), at: Fixture.now + 1)
            _ = try await store.apply(.geocoded(geocoding), to: request.id)
            let stored = try #require(try await store.request(request.id))
            #expect(stored.geocoding == geocoding)
            guard case .enqueued = try await store.publishAgain(request.id, at: Fixture.now + 9) else {
                Issue.record("it is not under way")
                return
            }
            let entry = try await store.lastEntry()
            #expect(try Event<RequestGeocoded>(entry.message).data.geocoding.counties == geocoding.counties)
            let json = try JSONEncoder().encode(RequestPlace(stored))
            #expect(String(decoding: json, as: UTF8.self).contains("Petersburg city"))
        }
    }
}
