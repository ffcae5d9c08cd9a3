import Contracts
import Foundation
import Logging
import ServiceRuntime
import Testing

@testable import DecisionService

@Suite struct DecisionHandlerTests {
    private func handle(
        _ geocoded: RequestGeocoded, by handler: DecisionHandler
    ) async throws(StageFailure) -> [any EventData] {
        let event = Event(
            id: UUID(), source: "/intake/geocode", time: geocoded.request.acceptedAt, requestID: RequestID(UUID()),
            data: geocoded)
        let context = StageContext(
            attempt: 1, maxAttempts: 3, now: geocoded.request.acceptedAt, logger: Logger(label: "test"))
        return try await handler.handle(event, context: context)
    }

    private func handler(_ yaml: String = CoverageFixture.yaml) throws -> DecisionHandler {
        let file = ReloadingFile(fixed: try CoverageFixture.coverage(yaml))
        return DecisionHandler(coverage: { file.value })
    }

    @Test func saysYesWithItsReason() async throws {
        let outputs = try await handle(CoverageFixture.geocoded(state: "TX", zip: "75001"), by: handler())
        let decided = try #require(outputs.first as? RequestDecided)
        #expect(outputs.count == 1)
        #expect(decided.decision.acceptance)
        #expect(decided.decision.reason == .stateCovered)
        #expect(decided.decision.rule == "state:TX")
        #expect(try decided.decision.coverageVersion == CoverageFixture.coverage().version)
        #expect(decided.request.provider == "portal")
        #expect(decided.request.providerRequestID == "R-1")
        #expect(decided.request.organization == "relief")
        #expect(decided.request.acceptedAt == Date(timeIntervalSince1970: 1_700_000_000))
    }

    @Test func saysNoWithItsReason() async throws {
        let outputs = try await handle(CoverageFixture.geocoded(), by: handler())
        let decided = try #require(outputs.first as? RequestDecided)
        #expect(!decided.decision.acceptance)
        #expect(decided.decision.reason == .notCovered)
        #expect(decided.decision.rule == nil)
    }

    /// The operator will mend the file; until then neither yes nor no is true.
    @Test func anOrganizationThatTheFileLacksIsTriedAgain() async throws {
        let handler = try handler()
        let failure = await #expect(throws: StageFailure.self) {
            _ = try await handle(CoverageFixture.geocoded(organization: "unheard-of"), by: handler)
        }
        #expect(failure?.kind == .transient(retryAfter: nil))
        #expect(failure?.error.code == "organization-not-configured")
    }

    @Test func aChangedFileHoldsFromTheNextRequestOn() async throws {
        let versions = [
            try CoverageFixture.coverage(),
            try CoverageFixture.coverage("organizations: {relief: {covers: {states: [OH]}}}"),
        ]
        let (first, second) = (versions[0], versions[1])
        let current = CurrentCoverage(first)
        let handler = DecisionHandler(coverage: { current.value })
        let before = try #require(try await handle(CoverageFixture.geocoded(), by: handler).first as? RequestDecided)
        current.value = second
        let after = try #require(try await handle(CoverageFixture.geocoded(), by: handler).first as? RequestDecided)
        #expect(!before.decision.acceptance)
        #expect(after.decision.acceptance)
        #expect(before.decision.coverageVersion != after.decision.coverageVersion)
    }
}
