import Contracts
import Foundation
import NIOCore
import NIOHTTP1

extension AdminAPI {
    /// A page of the requests that were accepted at that time or later, oldest first.
    /// - Parameter after: the `next` of the page before.
    func places(
        since: Date?, organization: String?, after: UUID?, limit: Int = 1000
    ) async throws(OperatorError) -> PlacePage {
        var items = [URLQueryItem(name: "limit", value: "\(limit)")]
        if let since { items.append(URLQueryItem(name: "since", value: Timestamp.string(since))) }
        if let organization { items.append(URLQueryItem(name: "organization", value: organization)) }
        if let after { items.append(URLQueryItem(name: "after", value: after.canonical)) }
        return try Self.decode(try await send(.GET, "requests/places", items))
    }

    /// Uploads a draft of the coverage.
    func upload(_ draft: DraftBundle) async throws(OperatorError) -> DraftUpload {
        let json: Data
        do { json = try JSONEncoder().encode(draft) } catch {
            // Texts are always JSON.
            throw OperatorError("the draft cannot be written as JSON")
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
    ) async throws(OperatorError) -> [PlaceOutcome?] {
        struct Question: Encodable {
            var places: [PlacePage.Place]
            var on: String?
        }
        let json: Data
        do {
            json = try JSONEncoder().encode(Question(places: places, on: on.map(Self.wholeSeconds)))
        } catch {
            // They came as JSON.
            throw OperatorError("the places cannot be written as JSON")
        }
        let path = "coverage/drafts/\(draft)/decisions"
        let (status, body) = try await exchange(.POST, path, [], json, timeout: .seconds(60))
        guard let answer = try good(status, body) else { throw nothing(at: path) }
        let outcomes: PlaceOutcome.Page = try Self.decode(answer)
        guard outcomes.outcomes.count == places.count else {
            throw OperatorError("DecisionService answered about \(outcomes.outcomes.count) of \(places.count) places")
        }
        return outcomes.outcomes
    }

    /// What is covered, county by county; `nil` for an organisation that the coverage does not name.
    func areas(organization: String?) async throws(OperatorError) -> CoveredAreas? {
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
