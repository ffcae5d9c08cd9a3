import Contracts
import Foundation

@testable import IngestService

/// What other services say about a request.
extension Fixture {
    static func geocoded(after seconds: Double = 1, location: GeocodedLocation? = boston) -> ProgressUpdate {
        .geocoded(
            Geocoding(
                at: now + seconds, location: location, reason: location == nil ? .noMatch : nil, countyFIPS: "25025",
                county: "Suffolk", conflict: nil))
    }

    static let boston = GeocodedLocation(latitude: 42.357, longitude: -71.065, precision: .zip, source: "gazetteer")

    static func decided(after seconds: Double = 2, acceptance: Bool = true) -> ProgressUpdate {
        .decided(
            Decision(
                at: now + seconds, acceptance: acceptance, reason: acceptance ? .covered : .notCovered,
                rule: acceptance ? "zip3:021" : nil, coverageVersion: "v1"))
    }

    static func delivered(after seconds: Double = 3) -> ProgressUpdate {
        .delivered(Receipt(at: now + seconds, acceptance: true, httpStatus: 200, attempt: 1))
    }

    static func retrying(_ stage: Stage, after seconds: Double, attempt: Int = 1) -> ProgressUpdate {
        .retrying(
            stage,
            StageTrouble.Retry(
                at: now + seconds, attempt: attempt, maxAttempts: 6, nextAttemptAt: now + seconds + 5,
                error: StageError(code: "connection-refused", message: "The partner cannot be reached.")))
    }

    static func dead(_ stage: Stage, after seconds: Double) -> ProgressUpdate {
        .dead(
            stage,
            StageTrouble.Death(
                at: now + seconds, reason: .outOfAttempts,
                error: StageError(code: "connection-refused", message: "The partner cannot be reached.")))
    }
}
