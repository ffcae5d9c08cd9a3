import Contracts
import Foundation

@testable import IngestService

/// What other services say about a request.
extension Fixture {
    static let reference = RequestReference(
        provider: "p", providerRequestID: "1", organization: "o", acceptedAt: now)

    static func geocoded(after seconds: Double = 1, location: GeocodedLocation? = boston) -> ProgressUpdate {
        .geocoded(
            Recorded(
                Geocoding(
                    state: "MA", zip: "02108", countyFIPS: "25025", county: "Suffolk", location: location,
                    reason: location == nil ? .noMatch : nil, regionCode: "NE-7"), at: now + seconds))
    }

    static let boston = GeocodedLocation(latitude: 42.357, longitude: -71.065, precision: .zip, source: "gazetteer")

    static func decided(after seconds: Double = 2, acceptance: Bool = true) -> ProgressUpdate {
        .decided(
            Recorded(
                Decision(
                    acceptance: acceptance, reason: acceptance ? .stateCovered : .notCovered,
                    rule: acceptance ? "zip3:021" : nil, coverageVersion: "v1"), at: now + seconds))
    }

    static func delivered(after seconds: Double = 3) -> ProgressUpdate {
        .delivered(Receipt(acceptance: true, httpStatus: 200, attempt: 1, deliveredAt: now + seconds))
    }

    /// Of a later thing than the answer.
    static func delivered(sequence: Int, after seconds: Double) -> ProgressUpdate {
        .delivered(
            Receipt(
                acceptance: true, sequence: sequence, httpStatus: 202, attempt: 1, durationMilliseconds: 12,
                addressFamily: .ipv4, deliveredAt: now + seconds))
    }

    static func attempted(_ attempt: Int, of sequence: Int = 1, after seconds: Double) -> ProgressUpdate {
        let data = CallbackAttempted(
            provider: provider.id, sequence: sequence, attempt: attempt, startedAt: now + seconds,
            durationMilliseconds: 250, addressFamily: .ipv6, httpStatus: 503,
            error: StageError(code: "http-503", message: "The partner answered 503."), excerpt: "try later")
        return .noted(TimelineEntry(data, id: UUID(version5: "\(sequence)/\(attempt)", namespace: traceID)))
    }

    static func superseded(_ sequence: Int, by newest: Int, after seconds: Double) -> ProgressUpdate {
        let data = CallbackSuperseded(
            provider: provider.id, sequence: sequence, newestSequence: newest, supersededAt: now + seconds)
        return .noted(TimelineEntry(data, id: UUID(version5: "superseded/\(sequence)", namespace: traceID)))
    }

    static func degraded(after seconds: Double) -> ProgressUpdate {
        .degraded(
            EndpointDegraded(
                provider: provider.id, attempts: 10, failures: 9,
                error: StageError(code: "timeout", message: "The partner did not answer."), since: now + seconds))
    }

    static func recovered(from: Double, after seconds: Double) -> ProgressUpdate {
        .recovered(
            EndpointRecovered(provider: provider.id, degradedSince: now + from, recoveredAt: now + seconds))
    }

    private static let traceID = UUID()

    /// A stage's message: all that is told of it is about one.
    static func messageID(_ stage: Stage) -> UUID { UUID(version5: stage.rawValue, namespace: traceID) }

    /// - Parameter replays: how often the message had been given back.
    static func retrying(
        _ stage: Stage, after seconds: Double, attempt: Int = 1, replays: Int = 0, id: UUID? = nil
    ) -> ProgressUpdate {
        .retrying(
            stage, messageID: id ?? messageID(stage),
            StageFailureRecord.Retry(
                at: now + seconds, attempt: attempt, maxAttempts: 6, nextAttemptAt: now + seconds + 5,
                error: StageError(code: "connection-refused", message: "The partner cannot be reached."),
                replays: replays))
    }

    static func dead(_ stage: Stage, after seconds: Double, replays: Int = 0) -> ProgressUpdate {
        .dead(letter(stage, after: seconds, id: messageID(stage), replays: replays))
    }

    static func letter(
        _ stage: Stage, after seconds: Double = 1, id: UUID = UUID(), of request: RequestID? = nil,
        reason: DeadReason = .outOfAttempts, body: [UInt8] = Array("{}".utf8), replays: Int = 0
    ) -> DeadLetterRecord {
        var letter = DeadLetterRecord(
            stage: stage, messageID: id, requestID: request,
            deadLettering: StageFailureRecord.DeadLettering(
                at: now + seconds, reason: reason,
                error: StageError(code: "connection-refused", message: "The partner cannot be reached."),
                replays: replays),
            attempts: 6, firstFailedAt: now + seconds - 1, host: "host-1", version: "1.0")
        letter.keep(["intake-host": .string("host-1"), "secret": .string("s3cret")], body)
        return letter
    }

    /// An operator's replay of the dead-lettering at that second.
    /// - Parameter replays: which dead-lettering that was; `nil` as an earlier version says it.
    static func replayed(
        _ stage: Stage, deadLettering: Double, after seconds: Double, id: UUID? = nil, replays: Int? = nil
    ) -> ProgressUpdate {
        .resolved(
            stage, messageID: id ?? messageID(stage),
            DeadLetterResolution(
                kind: .replayed, deadLetteredAt: now + deadLettering, at: now + seconds, by: "ada@desk",
                replays: replays))
    }

    static func discarded(
        _ stage: Stage, deadLettering: Double, after seconds: Double, id: UUID? = nil, replays: Int? = nil
    ) -> ProgressUpdate {
        .resolved(
            stage, messageID: id ?? messageID(stage),
            DeadLetterResolution(
                kind: .discarded, deadLetteredAt: now + deadLettering, at: now + seconds, by: "ada@desk",
                why: "asked twice",
                replays: replays))
    }
}
