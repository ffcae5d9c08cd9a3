import Contracts

/// Requests as a table.
enum RequestTable {
    /// RFC 4180, in UTF-8, with a header row.
    static func csv(_ requests: [StoredRequest]) -> [UInt8] {
        var text = CSVText()
        text.row(columns.map { .own($0.name) })
        for request in requests { text.row(columns.map { $0.cell(request) }) }
        return text.bytes
    }

    private struct Column {
        var name: String
        var cell: @Sendable (StoredRequest) -> CSVText.Cell
    }

    private static let columns: [Column] = submitted + found + standing + later

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

    private static let standing = [
        Column(name: "job") { .own($0.job.name) },
        Column(name: "toldAt") { .own($0.receipt.map { Timestamp.string($0.at) }) },
        Column(name: "status") { .own($0.standing.status.rawValue) },
        Column(name: "sequence") { .own("\($0.standing.sequence)") },
        Column(name: "statusChangedAt") { .own($0.standing.changedAt.map(Timestamp.string)) },
        Column(name: "erasedAt") { .own($0.erasedAt.map(Timestamp.string)) },
    ]

    /// What came after the first table was read by a spreadsheet: at its end, so that no column moves.
    private static let later = [
        Column(name: "uncertaintyKilometres") { .own($0.geocoding?.location?.uncertaintyKilometres.map { "\($0)" }) },
        Column(name: "attribution") { .text($0.geocoding?.location?.attribution) },
        Column(name: "explanation") { .text($0.decision?.explanation) },
        Column(name: "reviewUntil") { .own($0.openReview.map { Timestamp.string($0.deadline) }) },
    ]
}

extension StoredRequest {
    fileprivate var decisionWord: String {
        if let decision { return decision.acceptance ? "accepted" : "declined" }
        return openReview == nil ? "pending" : "review"
    }
}
