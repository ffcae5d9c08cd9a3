import Contracts
import Foundation
import Testing

@testable import IngestService

/// Facts that came together.
@Suite struct GatheredFactsTests {
    private let ids = [Fixture.id(at: Fixture.now), Fixture.id(at: Fixture.now + 1)]

    /// What only few requests have goes by itself, and leaves the others together.
    @Test func rareFactsLeaveTheOthersTogether() {
        let records = [
            ProgressRecord(update: Fixture.geocoded(), id: ids[0]),
            ProgressRecord(update: Fixture.degraded(after: 1)),
            ProgressRecord(update: Fixture.geocoded(), id: ids[1]),
            ProgressRecord(update: Fixture.retrying(.callback, after: 2), id: ids[1]),
            ProgressRecord(update: Fixture.decided(), id: ids[0]),
            ProgressRecord(update: Fixture.delivered(sequence: 2, after: 4), id: ids[0]),
            ProgressRecord(update: Fixture.delivered(), id: ids[0]),
        ]
        let (gathered, others) = GatheredFacts.gather(records)
        #expect(gathered.map(\.id) == ids && gathered.map(\.places) == [[0, 4, 6], [2]])
        #expect(others == [1, 3, 5])
    }

    /// Of two of one kind about one request each is written by itself.
    @Test func twoOfOneKindAreTwoChanges() {
        let records = [1.0, 2].map { ProgressRecord(update: Fixture.geocoded(after: $0), id: ids[0]) }
        let (gathered, others) = GatheredFacts.gather(records)
        #expect(gathered.map(\.places) == [[0], [1]] && others.isEmpty)
    }

    @Test(arguments: StoreDriver.allCases)
    func eachIsToldWhatCameOfIt(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest(submission: Fixture.submission(providerRequestID: "R-1"))
            #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
            let records = [
                ProgressRecord(update: Fixture.attempted(1, after: 3), id: request.id),
                ProgressRecord(update: Fixture.geocoded(), id: request.id),
                ProgressRecord(update: Fixture.degraded(after: 1)),
                ProgressRecord(update: Fixture.decided(), id: ids[1]),
                ProgressRecord(update: Fixture.decided(), id: request.id),
                ProgressRecord(update: Fixture.delivered(), id: request.id),
            ]
            let effects = try await store.apply(records, isPatient: true)
            #expect(effects == [.written, .written, .ofUnknown, .ofUnknown, .written, .written])
            let job = try #require(try await store.job(request.id))
            #expect(job.request.decision != nil && job.request.receipt != nil)
        }
    }
}
