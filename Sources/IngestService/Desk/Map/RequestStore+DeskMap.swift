import Contracts

import struct Foundation.Date

/// A request on the desk's map.
struct DeskMapPoint: Sendable, Equatable {
    enum State: String, Sendable, CaseIterable {
        case undecided, new, hands, completed, canceled, declined
    }

    var number: Int64
    var id: RequestID
    var latitude: Double
    var longitude: Double
    var state: State
    var city: String
    var place: String
    var zip: String
    var county: String?
    var countyFIPS: String?
}

/// What of a filter the map shows.
struct DeskMapPoints: Sendable, Equatable {
    var points: [DeskMapPoint] = []
    /// Requests of the filter that have no place.
    var unplaced = 0
    /// Set when only the newest are here: until when they came.
    var lookedTo: Date?
}

extension RequestStore {
    /// Where the requests of a list are, the newest so many.
    func deskMap(_ query: DeskQuery) async throws(StoreError) -> DeskMapPoints {
        try await read { transaction in
            try transaction.map(query)
        }
    }

    func requests(numbered numbers: [Int64]) async throws(StoreError) -> [StoredRequest] {
        try await read { try $0.requests(numbered: numbers) }
    }
}

extension StoreTransaction {
    private static let mapColumns = """
        number, id, latitude, longitude, acceptance, status, city, state, zip, county, county_fips
        """

    fileprivate func map(_ query: DeskQuery) throws -> DeskMapPoints {
        var map = DeskMapPoints()
        func add(_ row: StoreRow) throws {
            guard let latitude: Double = try row["latitude"], let longitude: Double = try row["longitude"] else {
                map.unplaced += 1
                return
            }
            map.points.append(
                DeskMapPoint(
                    number: try row["number"], id: try row["id"], latitude: latitude, longitude: longitude,
                    state: try Self.state(row), city: try row["city"], place: try row["state"], zip: try row["zip"],
                    county: try row["county"], countyFIPS: try row["county_fips"]))
        }
        guard let text = query.text else {
            let edge = try listedRows(query, Self.mapColumns) { row in
                try add(row)
                return true
            }
            map.lookedTo = try edge.flatMap { try request($0)?.acceptedAt }
            return map
        }
        let (numbers, reached) = try found(text, query, limit: query.limit)
        for start in stride(from: 0, to: numbers.count, by: 500) {
            let part = numbers[start..<min(start + 500, numbers.count)]
            let places = Array(repeating: "?", count: part.count).joined(separator: ", ")
            try forEachRow(
                "SELECT \(Self.mapColumns) FROM request WHERE number IN (\(places))",
                StoreValues(part.map(\.storeValue))
            ) { row in
                try add(row)
                return true
            }
        }
        map.lookedTo = try reached.flatMap { try stored(number: $0)?.acceptedAt }
        return map
    }

    private static func state(_ row: StoreRow) throws -> DeskMapPoint.State {
        guard let isAccepted: Bool = try row["acceptance"] else { return .undecided }
        guard isAccepted else { return .declined }
        let status: String? = try row["status"]
        switch status.flatMap(OrganizationStatus.init) ?? .new {
        case .new: return .new
        case .assigned, .scheduled: return .hands
        case .completed: return .completed
        case .canceled: return .canceled
        }
    }
}
