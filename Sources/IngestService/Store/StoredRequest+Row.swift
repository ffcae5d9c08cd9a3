import Contracts
import GRDB

import struct Foundation.Date
import struct Foundation.UUID

/// The tables are STRICT: a column holds what the schema says, so reading it cannot meet another type.
extension StoredRequest {
    init(_ row: Row) throws(StoreError) {
        let text: String = row["id"]
        guard let id = RequestID(text) else { throw StoreError(code: .unreadable, detail: "request.id") }
        self.init(
            id: id,
            provider: Provider(id: row["provider"], organization: row["organization"]),
            submission: Submission(
                providerRequestID: row["provider_request_id"],
                name: row["name"],
                address: PostalAddress(street: row["street"], city: row["city"], state: row["state"], zip: row["zip"]),
                phone: row["phone"],
                email: row["email"],
                providerData: row["provider_data"]),
            acceptedAt: .init(milliseconds: row["accepted_at"]),
            geocoding: try Geocoding(row),
            review: Review(row),
            decision: Decision(row),
            receipt: Receipt(row),
            standing: try Standing(row),
            lastTold: LastTold(row),
            expiredAt: (row["expired_at"] as Int64?).map(Date.init(milliseconds:)),
            erasedAt: (row["erased_at"] as Int64?).map(Date.init(milliseconds:)))
    }
}

extension Standing {
    fileprivate init(_ row: Row) throws(StoreError) {
        let text: String? = row["status"]
        guard let status = text.map(OrganizationStatus.init(rawValue:)) ?? .new else {
            throw StoreError(code: .unreadable, detail: "request.status")
        }
        self.init(
            status: status, sequence: row["sequence"],
            changedAt: (row["status_changed_at"] as Int64?).map(Date.init(milliseconds:)))
    }
}

extension LastTold {
    fileprivate init?(_ row: Row) {
        guard let sequence: Int = row["newest_told_sequence"], let at: Int64 = row["newest_told_at"] else { return nil }
        self.init(sequence: sequence, at: .init(milliseconds: at))
    }
}

extension Geocoding {
    fileprivate init?(_ row: Row) throws(StoreError) {
        guard let at: Int64 = row["geocoded_at"] else { return nil }
        let doubts = try (row["geocoding_doubts"] as String?).map(GeocodingDoubts.init(text:))
        self.init(
            at: .init(milliseconds: at),
            location: GeocodedLocation(row),
            reason: (row["no_location_reason"] as String?).map(NoLocationReason.init(rawValue:)),
            countyFIPS: row["county_fips"],
            county: row["county"],
            counties: doubts?.counties ?? [],
            conflict: row["has_conflict"]
                ? PlaceConflict(distanceKilometres: row["conflict_kilometres"], zipState: row["conflict_state"]) : nil,
            disputes: doubts?.disputes ?? [], unavailable: doubts?.unavailable ?? [])
    }
}

extension GeocodedLocation {
    fileprivate init?(_ row: Row) {
        guard let latitude: Double = row["latitude"], let longitude: Double = row["longitude"],
            let precision: String = row["precision"], let source: String = row["location_source"]
        else { return nil }
        self.init(
            latitude: latitude, longitude: longitude, precision: Precision(rawValue: precision), source: source,
            confidence: row["confidence"], uncertaintyKilometres: row["uncertainty_kilometres"],
            attribution: row["attribution"])
    }
}

extension Decision {
    fileprivate init?(_ row: Row) {
        guard let at: Int64 = row["decided_at"], let acceptance: Bool = row["acceptance"],
            let reason: String = row["decision_reason"], let version: String = row["coverage_version"]
        else { return nil }
        self.init(
            at: .init(milliseconds: at), acceptance: acceptance, reason: DecisionReason(rawValue: reason),
            rule: row["decision_rule"], coverageVersion: version,
            precision: (row["decision_precision"] as String?).map(GeocodedLocation.Precision.init),
            explanation: row["explanation"], needed: row["needed"], capacityNote: row["capacity_note"])
    }
}

extension Review {
    fileprivate init?(_ row: Row) {
        guard let at: Int64 = row["review_at"], let reason: String = row["review_reason"],
            let proposal: Bool = row["review_proposal"], let version: String = row["review_coverage_version"],
            let explanation: String = row["review_explanation"], let deadline: Int64 = row["review_deadline"],
            let fallback: Bool = row["review_fallback"]
        else { return nil }
        self.init(
            at: .init(milliseconds: at), reason: ReviewReason(rawValue: reason), proposal: proposal,
            rule: row["review_rule"], coverageVersion: version,
            precision: (row["review_precision"] as String?).map(GeocodedLocation.Precision.init),
            explanation: explanation, deadline: .init(milliseconds: deadline), fallback: fallback)
    }
}

extension Receipt {
    fileprivate init?(_ row: Row) {
        guard let at: Int64 = row["told_at"], let acceptance: Bool = row["told_acceptance"],
            let status: Int = row["told_status"], let attempt: Int = row["told_attempt"]
        else { return nil }
        self.init(
            at: .init(milliseconds: at), acceptance: acceptance,
            sequence: row["told_sequence"] ?? RequestDecided.sequence,
            httpStatus: status, attempt: attempt, durationMilliseconds: row["told_duration"],
            addressFamily: (row["told_family"] as String?).map(AddressFamily.init))
    }
}

extension StageTrouble {
    /// `nil` for a stage that this version does not know.
    init?(_ row: Row) {
        guard let stage = Stage(rawValue: row["stage"]) else { return nil }
        self.init(
            stage: stage, messageID: UUID(canonical: row["message_id"]), retry: Retry(row), death: Death(row),
            resolution: DeathResolution(row))
    }
}

extension StageTrouble.Retry {
    fileprivate init?(_ row: Row) {
        guard let at: Int64 = row["retry_at"], let attempt: Int = row["retry_attempt"], let of: Int = row["retry_of"],
            let next: Int64 = row["retry_next_at"], let code: String = row["retry_code"],
            let message: String = row["retry_message"]
        else { return nil }
        self.init(
            at: .init(milliseconds: at), attempt: attempt, maxAttempts: of, nextAttemptAt: .init(milliseconds: next),
            error: StageError(code: code, message: message), replays: row["retry_replays"])
    }
}

extension StageTrouble.Death {
    fileprivate init?(_ row: Row) {
        guard let at: Int64 = row["dead_at"], let reason: String = row["dead_reason"],
            let code: String = row["dead_code"], let message: String = row["dead_message"]
        else { return nil }
        self.init(
            at: .init(milliseconds: at), reason: DeadReason(rawValue: reason),
            error: StageError(code: code, message: message), sequence: row["dead_sequence"],
            replays: row["dead_replays"])
    }
}

extension DeathResolution {
    init?(_ row: Row) {
        guard let kind = (row["resolution"] as String?).flatMap(Kind.init),
            let deathAt: Int64 = row["resolved_death_at"],
            let at: Int64 = row["resolved_at"], let by: String = row["resolved_by"]
        else { return nil }
        self.init(
            kind: kind, deathAt: .init(milliseconds: deathAt), at: .init(milliseconds: at), by: by, why: row["why"],
            replays: row["resolved_replays"])
    }
}
