import Contracts
import Logging
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import GeocodeService

@Suite final class CircuitBreakingGeocoderTests: Sendable {
    private let now = Mutex(ContinuousClock.now)
    private let geocoder = ScriptedGeocoder(fails: .away())

    private func guarded() -> CircuitBreakingGeocoder {
        CircuitBreakingGeocoder(geocoder, logger: Logger.silent) { [self] in
            now.withLock { $0 }
        }
    }

    private func code(_ geocoder: any StreetGeocoder) async -> String? {
        do throws(GeocoderFailure) {
            _ = try await geocoder.find(.cityHall)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func whoFailsOftenIsLeftAloneUntilAProbeSucceeds() async {
        let guarded = guarded()
        for _ in 0..<5 { #expect(await code(guarded) == "http-503") }
        #expect(await code(guarded) == "left-alone")
        #expect(throws: GeocoderFailure.self) { try guarded.check() }
        #expect(geocoder.asked.count == 5)
        now.withLock { $0 += .seconds(6) }
        #expect(throws: Never.self) { try guarded.check() }
        #expect(await code(guarded) == "http-503")
        #expect(await code(guarded) == "left-alone")
        now.withLock { $0 += .seconds(11) }
        geocoder.answers { _ in .noMatch }
        #expect(await code(guarded) == nil)
        #expect(await code(guarded) == nil)
    }

    @Test(arguments: [GeocoderFailure.refused, .unreadable])
    func refusalsAndNonsenseCountAsFailures(failure: GeocoderFailure) async {
        geocoder.answers { _ throws(GeocoderFailure) in throw failure }
        let guarded = guarded()
        for _ in 0..<5 { #expect(await code(guarded) == failure.code) }
        #expect(await code(guarded) == "left-alone")
    }

    @Test func noMatchIsNoFailure() async {
        geocoder.answers { _ in .noMatch }
        let guarded = guarded()
        for _ in 0..<20 { #expect(await code(guarded) == nil) }
    }

    @Test func whoAsksForPatienceGetsIt() async {
        geocoder.answers { _ throws(GeocoderFailure) in throw .away(.seconds(20)) }
        let guarded = guarded()
        #expect(await code(guarded) == "http-503")
        now.withLock { $0 += .seconds(19) }
        #expect(await code(guarded) == "left-alone")
        let failure = #expect(throws: GeocoderFailure.self) { try guarded.check() }
        #expect(failure?.retryAfter == .seconds(1))
        now.withLock { $0 += .seconds(1) }
        #expect(await code(guarded) == "http-503")
    }

    @Test func onlySoMuchPatienceIsBelieved() async {
        geocoder.answers { _ throws(GeocoderFailure) in throw .away(.seconds(1_000_000)) }
        let guarded = guarded()
        #expect(await code(guarded) == "http-503")
        now.withLock { $0 += CircuitBreakingGeocoder.longestQuiet }
        #expect(await code(guarded) == "http-503")
    }

    @Test func nobodyTakesAMomentForAQuestionThatIsNotAsked() async {
        let guarded = guarded()
        for _ in 0..<5 { _ = await code(guarded) }
        // One a day: a moment that was taken would be noticed.
        let paced = RateLimitedGeocoder(guarded, perSecond: 1.0 / 86_400)
        for _ in 0..<3 { #expect(await code(paced) == "left-alone") }
        now.withLock { $0 += .seconds(60) }
        #expect(await code(paced) == "http-503")
        now.withLock { $0 += .seconds(120) }
        #expect(await code(paced) == "crowded")
    }
}
