import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Terminal

extension AdminAPI {
    /// A page of the requests that were accepted at that time or later, oldest first.
    /// - Parameter after: the `next` of the page before.
    func places(
        since: Date?, organization: String?, after: UUID?, limit: Int = 1000
    ) async throws(CommandError) -> PlacePage {
        var items = [URLQueryItem(name: "limit", value: "\(limit)")]
        if let since { items.append(URLQueryItem(name: "since", value: Timestamp.string(since))) }
        if let organization { items.append(URLQueryItem(name: "organization", value: organization)) }
        if let after { items.append(URLQueryItem(name: "after", value: after.canonical)) }
        return try Self.decode(try await send(.GET, "requests/places", items))
    }

    /// Uploads a draft of the coverage.
    func upload(_ draft: DraftBundle) async throws(CommandError) -> DraftUpload {
        let json: Data
        do { json = try JSONEncoder().encode(draft) } catch {
            // Texts are always JSON.
            throw CommandError("the draft cannot be written as JSON")
        }
        let (status, body) = try await exchange(.POST, "coverage/drafts", [], json, timeout: .seconds(120))
        if status == 422 {
            let problem: FaultyDraft = try Self.decode(body)
            return .faulty(problem)
        }
        guard let answer = try good(status, body) else { throw nothing(at: "coverage/drafts") }
        return .taken(try Self.decode(answer))
    }

    /// What a draft, or `current`, says to places.
    /// - Parameter on: the time that its rules are to be in force at; `nil` for now.
    func outcomes(
        of places: [PlacePage.Place], under draft: String, on: Date?
    ) async throws(CommandError) -> [PlaceOutcome?] {
        struct Question: Encodable {
            var places: [PlacePage.Place]
            var on: String?
        }
        let json: Data
        do {
            json = try JSONEncoder().encode(Question(places: places, on: on.map(Self.wholeSeconds)))
        } catch {
            // They came as JSON.
            throw CommandError("the places cannot be written as JSON")
        }
        let path = "coverage/drafts/\(draft)/decisions"
        let (status, body) = try await exchange(.POST, path, [], json, timeout: .seconds(60))
        guard let answer = try good(status, body) else { throw nothing(at: path) }
        let outcomes: PlaceOutcome.Page = try Self.decode(answer)
        guard outcomes.outcomes.count == places.count else {
            throw CommandError("DecisionService answered about \(outcomes.outcomes.count) of \(places.count) places")
        }
        return outcomes.outcomes
    }

    /// What is covered, county by county; `nil` for an organisation that the coverage does not name.
    func areas(organization: String?) async throws(CommandError) -> CoveredAreas? {
        let items = organization.map { [URLQueryItem(name: "organization", value: $0)] } ?? []
        guard let answer = try await sendIfThere(.GET, "coverage/areas", items, timeout: .seconds(60)) else {
            if organization == nil { throw nothing(at: "coverage/areas") }
            return nil
        }
        return try Self.decode(answer)
    }

    /// As ISO 8601 has it without fractions.
    private static func wholeSeconds(_ date: Date) -> String {
        String(Timestamp.string(date).prefix { $0 != "." && $0 != "Z" }) + "Z"
    }
}

/// What organisations cover.
struct CoveredAreas: Sendable, Equatable, Decodable {
    var coverageVersion: String
    var areas: [Area]

    struct Area: Sendable, Equatable, Decodable {
        var organization: String
        var name: String?
        var states: [String]
        /// The share that is covered, by FIPS code.
        var counties: [String: Double]
    }
}

/// A draft of the coverage with the files that it names.
struct DraftBundle: Sendable, Equatable, Encodable {
    /// The text of the draft itself.
    var coverage: String
    /// Texts by the names that the draft gives them.
    var files: [String: String] = [:]
}

/// What became of an upload.
enum DraftUpload: Sendable, Equatable {
    case taken(Draft)
    case faulty(FaultyDraft)

    struct Draft: Sendable, Equatable, Decodable {
        var id: String
        var coverageVersion: String
        var organizations: [String]
    }
}

/// A draft that cannot come into force.
struct FaultyDraft: Sendable, Equatable, Decodable {
    var problems: [String]
    /// Files that it names and that did not come with it.
    var missingFiles: [String]?
}

/// What rules say to a place.
struct PlaceOutcome: Sendable, Equatable, Decodable {
    /// `covered`, `not_covered`, `review`, `unknown`; there may be more one day.
    var outcome: String
    var reason: String
    var rule: String?

    struct Page: Decodable {
        /// `nil` where the organisation has no rules.
        var outcomes: [PlaceOutcome?]
    }
}

/// A page of past requests: where they are, and what was decided.
struct PlacePage: Sendable, Equatable, Decodable {
    var places: [Place]
    /// Where the next page begins; absent on the last.
    var next: UUID?

    struct Place: Sendable, Equatable, Decodable {
        var id: AdminID
        var organization: String
        var state: String
        var zip: String
        var countyFips: String?
        var county: String?
        var counties: [CountyShare]?
        var location: Location?
        var conflict: PlaceConflict?
        var regionCode: String?
        var geocoded: Bool
        var decision: Decision?
    }

    struct Location: Sendable, Equatable, Codable {
        var latitude: Double
        var longitude: Double
        var precision: String
        var uncertaintyKilometres: Double?
    }

    struct Decision: Sendable, Equatable, Decodable {
        var acceptance: Bool
        var reason: String
        var rule: String?
    }
}

extension PlacePage.Place: Encodable {
    private enum Key: String, CodingKey {
        case organization, state, zip, countyFips, county, counties, location, conflict, regionCode
    }

    /// What DecisionService needs, and no more.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(organization, forKey: .organization)
        try container.encode(state, forKey: .state)
        try container.encode(zip, forKey: .zip)
        try container.encodeIfPresent(countyFips, forKey: .countyFips)
        try container.encodeIfPresent(county, forKey: .county)
        try container.encodeIfPresent(counties, forKey: .counties)
        try container.encodeIfPresent(location, forKey: .location)
        try container.encodeIfPresent(conflict, forKey: .conflict)
        try container.encodeIfPresent(regionCode, forKey: .regionCode)
    }
}
