import Contracts

import struct Foundation.Date

/// Something that happened to a request, as the API shows it.
struct EventView: Sendable, Encodable {
    var at: Date
    /// See `TimelineEntry.Kind`.
    var type: String
    var stage: String?
    var sequence: Int?
    var attempt: Int?
    var detail: String?
    var note: String?
    var httpStatus: Int?
    var durationMs: Int?
    var addressFamily: String?
    var error: StageError?
    var excerpt: String?

    /// - Parameter withNote: whether what the staff wrote may be shown.
    init(_ entry: TimelineEntry, withNote: Bool) {
        at = entry.at
        type = entry.kind.rawValue
        stage = entry.stage?.rawValue
        sequence = entry.sequence
        attempt = entry.attempt
        detail = entry.detail
        note = withNote ? entry.note : nil
        httpStatus = entry.httpStatus
        durationMs = entry.durationMilliseconds
        addressFamily = entry.addressFamily?.rawValue
        error = entry.error
        excerpt = entry.excerpt
    }
}
