package import Contracts

package import struct Foundation.Date

/// What is covered, county by county. 404 for an organisation that the coverage does not name.
package enum ListAreas: AdminEndpoint {
    package static let route = AdminRoute(.get, "coverage/areas", of: .decision)
    package typealias Answer = CoveredAreas
    package static let patience = Duration.seconds(60)

    package struct Query: AdminQuery {
        /// By default all.
        package var organization: String?

        package init() {}
        package mutating func code(_ coder: inout QueryCoder) { coder.text("organization", &organization, "") }
    }
}

/// What organisations cover.
package struct CoveredAreas: Sendable, Equatable, Codable {
    package var coverageVersion: String
    /// By the organisation's id.
    package var areas: [Area]

    package init(coverageVersion: String, areas: [Area]) {
        (self.coverageVersion, self.areas) = (coverageVersion, areas)
    }

    package struct Area: Sendable, Equatable, Codable {
        package var organization: String
        package var name: String?
        /// USPS codes of the states that are covered as a whole.
        package var states: [String]
        /// By FIPS code: more than 0, and 1 for all of it.
        package var counties: [String: Double]

        package init(organization: String, name: String?, states: [String], counties: [String: Double]) {
            (self.organization, self.name, self.states, self.counties) = (organization, name, states, counties)
        }
    }
}

/// Uploads a draft of the coverage, to ask what it would change. 422 with all that is wrong with it.
package enum UploadDraft: AdminEndpoint {
    package static let route = AdminRoute(.post, "coverage/drafts", of: .decision)
    package typealias Body = CoverageBundle
    package static let patience = Duration.seconds(120)

    package struct Answer: Sendable, Equatable, Codable {
        /// To ask about it by.
        package var id: String
        package var coverageVersion: String
        package var organizations: [String]
        /// What was mended or left out in the files.
        package var warnings: [String]
        /// After the last question.
        package var expiresInSeconds: Int

        package init(
            id: String, coverageVersion: String, organizations: [String], warnings: [String], expiresInSeconds: Int
        ) {
            (self.id, self.coverageVersion, self.organizations) = (id, coverageVersion, organizations)
            (self.warnings, self.expiresInSeconds) = (warnings, expiresInSeconds)
        }
    }
}

/// A coverage file that is not in force, with the files that it names.
package struct CoverageBundle: Sendable, Equatable, Codable {
    /// The text of `coverage.yaml`.
    package var coverage: String
    /// The texts of the files that it names, by the names that it gives them.
    package var files: [String: String]?

    package init(coverage: String, files: [String: String]? = nil) { (self.coverage, self.files) = (coverage, files) }
}

/// What is wrong with a draft that cannot come into force.
package struct DraftFaults: Sendable, Equatable, Codable {
    /// As the service would say it at its start.
    package var problems: [String]
    /// Files that it names and that did not come with it.
    package var missingFiles: [String]?

    package init(problems: [String], missingFiles: [String]) {
        (self.problems, self.missingFiles) = (problems, missingFiles)
    }
}

/// What a draft, or what is in force, says to places. 404 for a draft that is gone: it is to be uploaded again.
package enum DecidePlaces: AdminEndpoint {
    package static let route = AdminRoute(.post, "coverage/drafts/{id}/decisions", of: .decision)
    package typealias Subject = String
    package static let patience = Duration.seconds(60)
    /// Instead of a draft's id: what is in force.
    package static let current = "current"

    package struct Body: Sendable, Equatable, Codable {
        package var places: [PlaceInQuestion]
        /// The time that the rules are to be in force at; now when it is absent.
        package var on: Date?

        package init(places: [PlaceInQuestion], on: Date?) { (self.places, self.on) = (places, on) }

        /// The service reads times without fractions here.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(places, forKey: .places)
            try container.encodeIfPresent(on.map { "\(Timestamp.string($0).prefix(19))Z" }, forKey: .on)
        }
    }

    package struct Answer: Sendable, Equatable, Codable {
        package var coverageVersion: String
        /// In the order of the places; `nil` where the organisation has no rules.
        package var outcomes: [Verdict?]

        package init(coverageVersion: String, outcomes: [Verdict?]) {
            (self.coverageVersion, self.outcomes) = (coverageVersion, outcomes)
        }
    }
}

/// A place to decide about: nothing of a person.
package struct PlaceInQuestion: Sendable, Equatable, Codable {
    package var organization: String
    /// USPS code of the state that the partner named.
    package var state: String
    package var zip: String
    package var countyFips: String?
    package var county: String?
    package var counties: [CountyShare]?
    package var location: Location?
    package var conflict: PlaceConflict?
    package var regionCode: String?

    package struct Location: Sendable, Equatable, Codable {
        package var latitude: Double
        package var longitude: Double
        package var precision: GeocodedLocation.Precision
        package var uncertaintyKilometres: Double?
    }

    /// Of a past request.
    package init(_ place: RequestPlace) {
        (organization, state, zip) = (place.organization, place.state, place.zip)
        (countyFips, county, counties) = (place.countyFips, place.county, place.counties)
        (conflict, regionCode) = (place.conflict, place.regionCode)
        location = place.location.map {
            Location(
                latitude: $0.latitude, longitude: $0.longitude, precision: $0.precision,
                uncertaintyKilometres: $0.uncertaintyKilometres)
        }
    }

    package var geocoding: Geocoding {
        Geocoding(
            state: state, zip: String(zip.prefix(5)), countyFIPS: countyFips, county: county, counties: counties ?? [],
            location: location.map {
                GeocodedLocation(
                    latitude: $0.latitude, longitude: $0.longitude, precision: $0.precision, source: "question",
                    uncertaintyKilometres: $0.uncertaintyKilometres)
            }, reason: location == nil ? .noMatch : nil, conflict: conflict, regionCode: regionCode)
    }
}

/// What the rules say of one place.
package struct Verdict: Sendable, Equatable, Codable {
    /// Open: new ones may be added.
    package struct Outcome: RawRepresentable, Sendable, Hashable, Codable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let covered = Outcome(rawValue: "covered")
        package static let notCovered = Outcome(rawValue: "not_covered")
        /// A person would decide.
        package static let review = Outcome(rawValue: "review")
        /// The place is not known well enough for any rule.
        package static let unknown = Outcome(rawValue: "unknown")
    }

    package var outcome: Outcome
    /// What the partner would be told; `nil` where that is open.
    package var acceptance: Bool?
    package var reason: String
    /// Absent when no rule matched.
    package var rule: String?
    package var explanation: String?
    /// What would have been needed for a yes, or for a surer answer.
    package var needed: String?
    package var capacityNote: String?

    package init(outcome: Outcome, reason: String, rule: String? = nil) {
        (self.outcome, self.reason, self.rule) = (outcome, reason, rule)
        acceptance = outcome == .covered ? true : outcome == .notCovered ? false : nil
    }

    /// `acceptance` stands there as null, too.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(acceptance, forKey: .acceptance)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(rule, forKey: .rule)
        try container.encodeIfPresent(explanation, forKey: .explanation)
        try container.encodeIfPresent(needed, forKey: .needed)
        try container.encodeIfPresent(capacityNote, forKey: .capacityNote)
    }
}
