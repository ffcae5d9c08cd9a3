import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

/// The forms in which a list of requests can be had; the first one is what a client gets that has no wish.
enum RequestListFormat: String, Sendable, CaseIterable {
    case json = "application/json"
    case csv = "text/csv"
    case geoJSON = "application/geo+json"

    /// - Throws: `Problem` with status 406 when the client wants none of them.
    static func accepted(by request: Request) throws(Problem) -> RequestListFormat {
        guard let index = MediaRanges(request.headers[values: .accept]).best(of: allCases.map(\.rawValue)) else {
            throw .notAcceptable
        }
        return allCases[index]
    }

    /// - Parameters:
    ///   - forStaff: whether the organisation asks.
    ///   - next: the next page's path; `nil` on the last.
    func response(_ requests: [StoredRequest], forStaff: Bool, next: String?) -> Response {
        var headers: HTTPFields = [.vary: "accept"]
        // RFC 8288.
        if let next { headers[.link] = "<\(next)>; rel=\"next\"" }
        switch self {
        case .json:
            let views = requests.map { RequestView($0, forStaff: forStaff) }
            return Response(status: .ok, json: List(requests: views, next: next), headers: headers)
        case .csv:
            return Response(
                status: .ok, bytes: RequestTable.csv(requests, forStaff: forStaff),
                contentType: "\(rawValue); charset=utf-8; header=present", headers: headers)
        case .geoJSON:
            return Response(
                status: .ok, json: RequestFeatures(requests, forStaff: forStaff), contentType: rawValue,
                headers: headers)
        }
    }

    private struct List: Encodable {
        var requests: [RequestView]
        /// The next page's path; absent on the last.
        var next: String?
    }
}

extension HTTPField.Name {
    /// A valid token, so that this cannot fail.
    static let link = HTTPField.Name("link")!
}

/// Requests as a table.
enum RequestTable {
    /// RFC 4180, in UTF-8, with a header row.
    static func csv(_ requests: [StoredRequest], forStaff: Bool) -> [UInt8] {
        header + rows(requests, forStaff: forStaff)
    }

    static var header: [UInt8] {
        var text = CSVText()
        text.row(columns.map { .own($0.name) })
        return text.bytes
    }

    /// - Parameter forStaff: whether the organisation asks: in whose hands it is stays empty for others.
    static func rows(_ requests: [StoredRequest], forStaff: Bool) -> [UInt8] {
        var text = CSVText()
        for var request in requests {
            if !forStaff { request.assignment = nil }
            text.row(columns.map { $0.cell(request) })
        }
        return text.bytes
    }

    private struct Column {
        var name: String
        var cell: @Sendable (StoredRequest) -> CSVText.Cell
    }

    private static let columns: [Column] = submitted + found + organizationProgress + later

    private static let submitted = [
        Column(name: "id") { .own("\($0.id)") },
        Column(name: "provider") { .text($0.provider.id) },
        Column(name: "providerRequestId") { .text($0.submission.providerRequestID) },
        Column(name: "organization") { .text($0.provider.organization) },
        Column(name: "acceptedAt") { .own(Timestamp.string($0.acceptedAt)) },
        Column(name: "name") { .text($0.submission.name) },
        Column(name: "address") { .text($0.submission.address.street) },
        Column(name: "city") { .text($0.submission.address.city) },
        Column(name: "state") { .text($0.submission.address.state) },
        Column(name: "zip") { .text($0.submission.address.zip) },
        Column(name: "phone") { .text($0.submission.phone) },
        Column(name: "email") { .text($0.submission.email) },
        Column(name: "providerData") { .text($0.submission.providerData) },
    ]

    private static let found = [
        Column(name: "latitude") { .own($0.geocoding?.location.map { "\($0.latitude)" }) },
        Column(name: "longitude") { .own($0.geocoding?.location.map { "\($0.longitude)" }) },
        Column(name: "precision") { .text($0.geocoding?.location?.precision.rawValue) },
        Column(name: "countyFips") { .text($0.geocoding?.countyFIPS) },
        Column(name: "county") { .text($0.geocoding?.county) },
        Column(name: "noLocationReason") { .text($0.geocoding?.reason?.rawValue) },
        Column(name: "decision") { .own($0.decisionWord) },
        Column(name: "reason") { .text($0.decision?.reason.rawValue) },
        Column(name: "rule") { .text($0.decision?.rule) },
    ]

    private static let organizationProgress = [
        Column(name: "job") { .own($0.job.name) },
        Column(name: "toldAt") { .own($0.receipt.map { Timestamp.string($0.deliveredAt) }) },
        Column(name: "status") { .own($0.organizationProgress.status.rawValue) },
        Column(name: "sequence") { .own("\($0.organizationProgress.sequence)") },
        Column(name: "statusChangedAt") { .own($0.organizationProgress.changedAt.map(Timestamp.string)) },
        Column(name: "erasedAt") { .own($0.erasedAt.map(Timestamp.string)) },
    ]

    /// What came after the first table was read by a spreadsheet: at its end, so that no column moves.
    private static let later = [
        Column(name: "uncertaintyKilometres") { .own($0.geocoding?.location?.uncertaintyKilometres.map { "\($0)" }) },
        Column(name: "attribution") { .text($0.geocoding?.location?.attribution) },
        Column(name: "explanation") { .text($0.decision?.explanation) },
        Column(name: "reviewUntil") { .own($0.openReview.map { Timestamp.string($0.deadline) }) },
        Column(name: "unit") { .text($0.submission.unit) },
        Column(name: "language") { .text($0.submission.language) },
        Column(name: "need") { .text($0.submission.need) },
        Column(name: "notes") { .text($0.submission.notes) },
        Column(name: "withdrawnAt") { .own($0.withdrawnAt.map(Timestamp.string)) },
        Column(name: "assignee") { .text($0.assignment?.assignee) },
        Column(name: "team") { .text($0.assignment?.team) },
        Column(name: "due") { .own($0.assignment?.due?.description) },
    ]
}

extension StoredRequest {
    fileprivate var decisionWord: String {
        if let decision { return decision.acceptance ? "accepted" : "declined" }
        return openReview == nil ? "pending" : "review"
    }
}

/// Requests as GeoJSON (RFC 7946): a map shows them as they are.
struct RequestFeatures: Sendable, Encodable {
    private let type = "FeatureCollection"
    private let features: [Feature]

    init(_ requests: [StoredRequest], forStaff: Bool) {
        features = requests.map { Feature(request: $0, forStaff: forStaff) }
    }

    private struct Feature: Encodable {
        let request: StoredRequest
        let forStaff: Bool

        enum Key: String, CodingKey { case type, id, geometry, properties }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("Feature", forKey: .type)
            try container.encode(request.id, forKey: .id)
            // A place that is not known is null: never a point somewhere.
            try container.encode(request.geocoding?.location.map(Point.init), forKey: .geometry)
            try container.encode(RequestView(request, forStaff: forStaff), forKey: .properties)
        }
    }

    private struct Point: Encodable {
        let type = "Point"
        /// Longitude first.
        let coordinates: [Double]

        init(_ location: GeocodedLocation) { coordinates = [location.longitude, location.latitude] }
    }
}
