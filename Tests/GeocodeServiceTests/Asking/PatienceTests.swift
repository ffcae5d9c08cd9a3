import Contracts
import Foundation
import ServiceRuntime
import Testing

@testable import GeocodeService

@Suite struct PatienceTests {
    private let patience = Patience(limit: .seconds(900))
    private let acceptedAt = Date(timeIntervalSince1970: 1_700_000_000)

    private func failure(
        _ failures: GeocoderFailure..., after seconds: Double, isStopping: Bool = false
    ) -> StageFailure? {
        patience.failure(
            for: failures.map { StreetSearch.Silence(geocoder: "map", failure: $0) }, acceptedAt: acceptedAt,
            now: acceptedAt.addingTimeInterval(seconds), isStopping: isStopping)
    }

    @Test func nobodyWaitsWhenAllHaveAnswered() {
        #expect(failure(after: 0) == nil)
        #expect(failure(after: 0, isStopping: true) == nil)
    }

    @Test func theWaitSpendsNoAttemptAndNamesTheGeocoder() {
        #expect(
            failure(.away(), after: 0)
                == .outage("geocoder-away", "No answer from map (http-503).", retryAfter: .zero))
    }

    @Test func theWaitsGrow() {
        #expect(failure(.refused, after: 100)?.kind == .outage(retryAfter: .seconds(5)))
        #expect(failure(.unreadable, after: 400)?.kind == .outage(retryAfter: .seconds(30)))
    }

    @Test func theGeocodersWishCounts() {
        #expect(failure(.away(.seconds(130)), after: 8)?.kind == .outage(retryAfter: .seconds(120)))
        #expect(failure(.away(.seconds(130)), .away(.seconds(30)), after: 8)?.kind == .outage(retryAfter: .seconds(30)))
    }

    @Test func noWaitGoesBeyondTheEndOfThePatience() {
        #expect(failure(.away(.seconds(3600)), after: 890)?.kind == .outage(retryAfter: .seconds(5)))
        // Ten minutes may become a fifth longer.
        #expect(failure(.away(.seconds(3600)), after: 181)?.kind == .outage(retryAfter: .seconds(120)))
        #expect(failure(.away(.seconds(3600)), after: 180)?.kind == .outage(retryAfter: .seconds(600)))
        #expect(failure(.away(), after: 900) == nil)
        #expect(failure(.away(), after: 90_000) == nil)
    }

    @Test func aClockThatIsBehindDoesNotShortenTheWait() {
        #expect(failure(.away(), after: -60)?.kind == .outage(retryAfter: .zero))
    }

    @Test func inAProcessThatStopsThePatienceIsNotOver() {
        #expect(failure(.stopping, after: 90_000, isStopping: true)?.error.code == "stopping")
    }
}
