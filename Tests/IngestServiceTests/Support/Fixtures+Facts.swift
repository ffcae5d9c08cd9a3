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

    static func dead(_ stage: Stage, after seconds: Double) -> ProgressUpdate { .dead(letter(stage, after: seconds)) }

    static func letter(
        _ stage: Stage, after seconds: Double = 1, id: UUID = UUID(), of request: RequestID? = nil,
        reason: DeadReason = .outOfAttempts, body: [UInt8] = Array("{}".utf8)
    ) -> DeadMessage {
        DeadMessage(
            stage: stage, messageID: id, requestID: request,
            death: StageTrouble.Death(
                at: now + seconds, reason: reason,
                error: StageError(code: "connection-refused", message: "The partner cannot be reached.")),
            attempts: 6, firstFailedAt: now + seconds - 1, host: "host-1", version: "1.0",
            headers: Array(#"{"intake-host":"host-1","secret":"s3cret"}"#.utf8), body: body)
    }

    /// An operator's replay of the death at that second.
    static func replayed(
        _ stage: Stage, death: Double, after seconds: Double, id: UUID = UUID()
    ) -> ProgressUpdate {
        .resolved(
            stage, messageID: id,
            DeathResolution(kind: .replayed, deathAt: now + death, at: now + seconds, by: "ada@desk"))
    }

    static func discarded(
        _ stage: Stage, death: Double, after seconds: Double, id: UUID = UUID()
    ) -> ProgressUpdate {
        .resolved(
            stage, messageID: id,
            DeathResolution(
                kind: .discarded, deathAt: now + death, at: now + seconds, by: "ada@desk", why: "asked twice"))
    }
}
