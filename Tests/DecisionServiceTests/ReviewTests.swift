import Contracts
import Foundation
import Logging
import ServiceRuntime
import Testing

@testable import DecisionService

@Suite struct ReviewTests {
    private static let review =
        "review: {when: [place_conflict, location_too_coarse], deadline: 48h, fallback: decline}"
    private static let area = ["a.geojson": CoverageFixture.polygon(CoverageFixture.square(west: -90, south: 40))]
    private static let conflict = PlaceConflict(distanceKilometres: 90, zipState: "OK")

    private func decide(_ rules: String, _ request: RequestGeocoded) throws -> CoverageOutcome {
        try CoverageFixture.decide(request, by: CoverageFixture.relief(rules, files: Self.area))
    }

    /// - Parameter age: how old the request is when it is handled, seconds.
    private func handle(
        _ rules: String, _ request: RequestGeocoded, age: TimeInterval = 60
    ) async throws -> any EventData {
        let coverage = try CoverageFixture.relief(rules, files: Self.area)
        let handler = DecisionHandler(coverage: { coverage })
        let event = Event(
            id: UUID(), source: "/intake/geocode", time: request.request.acceptedAt, requestID: RequestID(UUID()),
            data: request)
        let context = StageContext(
            attempt: 1, maxAttempts: 3, now: request.request.acceptedAt + age, logger: Logger(label: "test"))
        let outputs = try await handler.handle(event, context: context)
        #expect(outputs.count == 1)
        return try #require(outputs.first)
    }

    private static let nearTheEdge = CoverageFixture.geocoded(
        state: "IL", zip: "61801", location: CoverageFixture.location(.zip, latitude: 40.03, longitude: -89.5))
    private static let coversArea = "covers: {polygons: [a.geojson], capacity_note: full}, \(review)"

    @Test func aPersonIsAskedNearTheEdge() async throws {
        let asked = try #require(try await handle(Self.coversArea, Self.nearTheEdge) as? RequestReviewRequested)
        #expect(asked.question.reason == .locationTooCoarse)
        #expect(asked.question.proposal)
        #expect(asked.question.rule == "polygon:a")
        #expect(!asked.question.fallback)
        #expect(asked.question.deadline == Self.nearTheEdge.request.acceptedAt + 48 * 3600)
        #expect(asked.request == Self.nearTheEdge.request)
        #expect(asked.question.precision == .zip)
        #expect(asked.question.explanation.contains("Needed: a street address"))
    }

    @Test func afterTheDeadlineTheFallbackHoldsAtOnce() async throws {
        let decided = try #require(
            try await handle(Self.coversArea, Self.nearTheEdge, age: 48 * 3600) as? RequestDecided)
        #expect(!decided.decision.acceptance)
        #expect(decided.decision.reason == .reviewOverdue)
        #expect(decided.decision.rule == "polygon:a")
        #expect(decided.decision.capacityNote == nil)
        #expect(
            decided.decision.explanation?.hasPrefix("Nobody had decided by the deadline, so the answer is no.") == true)
        let before = try await handle(Self.coversArea, Self.nearTheEdge, age: 48 * 3600 - 0.001)
        #expect(before is RequestReviewRequested)
    }

    @Test func withoutAWishNobodyIsAsked() async throws {
        let rules = "covers: {polygons: [a.geojson], capacity_note: full}"
        let decided = try #require(try await handle(rules, Self.nearTheEdge) as? RequestDecided)
        #expect(decided.decision.acceptance)
        #expect(decided.decision.capacityNote == "full")
        #expect(decided.decision.needed != nil)
        let others = "covers: {polygons: [a.geojson]}, review: {when: [place_conflict], deadline: 1h, fallback: accept}"
        #expect(try decide(others, Self.nearTheEdge).review == nil)
    }

    @Test func aPersonIsAskedAboutAPlaceThatIsNotKnown() throws {
        let nowhere = CoverageFixture.geocoded(countyFIPS: nil, county: nil, location: nil)
        let outcome = try decide("covers: {states: [TX]}, \(Self.review)", nowhere)
        #expect(outcome.reason == .locationUnknown)
        #expect(outcome.review?.reason == .locationTooCoarse)
        let open = CoverageFixture.geocoded(
            state: "TX", zip: "11111", countyFIPS: nil, county: nil, location: CoverageFixture.location(.city))
        let counties = try decide(#"covers: {counties: ["48201"]}, \#(Self.review)"#, open)
        #expect(counties.review?.reason == .locationTooCoarse)
        #expect(counties.needed == "a known county: the answer depends on the county in TX")
    }

    @Test func aSureAnswerIsGivenAtOnce() throws {
        #expect(try decide("covers: {states: [OH]}, \(Self.review)", CoverageFixture.geocoded()).review == nil)
        #expect(try decide("covers: {states: [TX]}, \(Self.review)", CoverageFixture.geocoded()).review == nil)
        let past = "covers: {states: [TX], valid_until: 2020-01-01}, \(Self.review)"
        let outcome = try decide(past, CoverageFixture.geocoded(conflict: Self.conflict))
        #expect(outcome.reason == .noCoverageDefined)
        #expect(outcome.review == nil)
    }

    @Test(arguments: [
        // The answer is the same on both sides of the contradiction, or does not rest on the place.
        ("covers: {states: [TX, OK]}", false), ("covers: {region_codes: [GULF]}", false),
        // It may not be.
        ("covers: {states: [OK]}", true), ("covers: {states: [TX]}", true), ("covers: {zips: ['73301']}", true),
        ("covers: {states: [TX, OK]}, exclude: {zips: ['11111']}", true), ("covers: {states: [OH]}", true),
        ("covers: [{states: [OK]}, {states: [TX], valid_until: 2020-01-01}]", true),
    ])
    func aContradictionIsAskedAboutWhereItMatters(rules: String, isAsked: Bool) throws {
        let request = CoverageFixture.geocoded(
            state: "TX", zip: "73301", countyFIPS: "40109", county: "Oklahoma County", conflict: Self.conflict,
            regionCode: "GULF")
        let outcome = try decide("\(rules), \(Self.review)", request)
        #expect((outcome.review?.reason == .placeConflict) == isAsked)
        #expect(outcome.explanation.hasSuffix("The ZIP contradicts the city or the state that was named."))
    }
}
