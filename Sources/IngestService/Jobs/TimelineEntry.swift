import AdminAPI
import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// Something that happened to a request, as its job shows it.
struct TimelineEntry: Sendable, Equatable {
    /// How many the store keeps of a request, the newest.
    static let limit = 100

    /// Open: new ones may be added.
    struct Kind: RawRepresentable, Sendable, Hashable {
        var rawValue: String

        static let accepted = Kind(rawValue: "accepted")
        static let geocoded = Kind(rawValue: "geocoded")
        /// A person is to decide.
        static let reviewRequested = Kind(rawValue: "review-requested")
        /// A review has come to its end: who decided, and what they wrote.
        static let reviewed = Kind(rawValue: "reviewed")
        static let decided = Kind(rawValue: "decided")
        /// An attempt to tell the partner ended without a receipt.
        static let attempted = Kind(rawValue: "callback-attempted")
        static let delivered = Kind(rawValue: "callback-delivered")
        /// Something newer has overtaken what the partner was to be told.
        static let superseded = Kind(rawValue: "callback-superseded")
        /// An operator has the partner told once more.
        static let resent = Kind(rawValue: "callback-resent")
        /// The partner needs no help any more; why, in its words.
        static let withdrawn = Kind(rawValue: "withdrawn")
        /// The partner has corrected whom to reach; which fields.
        static let corrected = Kind(rawValue: "contact-corrected")
        static let statusChanged = Kind(rawValue: "status-changed")
        static let dead = Kind(rawValue: "dead")
        static let replayed = Kind(rawValue: "replayed")
        static let discarded = Kind(rawValue: "discarded")
    }

    var at: Date
    /// Tells it apart from others of the same time: whoever says the same thing twice gives it the same name.
    var name: String
    var kind: Kind
    var stage: Stage?
    var sequence: Int?
    var attempt: Int?
    var durationMilliseconds: Int?
    var addressFamily: AddressFamily?
    var httpStatus: Int?
    var error: StageError?
    /// How the partner's answer began.
    var excerpt: String?
    var detail: String?
    /// What the staff wrote; for the organisation alone.
    var note: String?
    /// The name of the member of the staff who did it; for the organisation alone.
    var person: String?
}

extension TimelineEntry {
    init(_ data: CallbackAttempted, id: UUID) {
        self.init(
            at: data.startedAt, name: id.canonical, kind: .attempted, stage: .callback, sequence: data.sequence,
            attempt: data.attempt, durationMilliseconds: data.durationMilliseconds, addressFamily: data.addressFamily,
            httpStatus: data.httpStatus, error: data.error,
            excerpt: data.excerpt.map { String($0.prefix(CallbackAttempted.longestExcerpt)) })
    }

    init(_ data: CallbackSuperseded, id: UUID) {
        self.init(
            at: data.supersededAt, name: id.canonical, kind: .superseded, stage: .callback, sequence: data.sequence,
            detail: "overtaken by \(data.newestSequence)")
    }

    init(_ receipt: Receipt) {
        self.init(
            at: receipt.deliveredAt,
            name: "delivered/\(receipt.sequence)/\(receipt.attempt)/\(receipt.deliveredAt.milliseconds)",
            kind: .delivered,
            stage: .callback, sequence: receipt.sequence, attempt: receipt.attempt,
            durationMilliseconds: receipt.durationMilliseconds, addressFamily: receipt.addressFamily,
            httpStatus: receipt.httpStatus)
    }

    init(_ message: DeadLetterRecord) {
        self.init(
            at: message.deadLettering.at, name: "dead/\(message.stage.rawValue)/\(message.messageID.canonical)",
            kind: .dead,
            stage: message.stage, sequence: message.deadLettering.sequence, error: message.deadLettering.error,
            detail: message.deadLettering.reason.rawValue)
    }

    init(_ resolution: DeadLetterResolution, of stage: Stage, messageID: UUID) {
        let kind: Kind =
            switch resolution.kind {
            case .replayed: .replayed
            case .discarded: .discarded
            }
        self.init(
            at: resolution.at, name: "\(kind.rawValue)/\(stage.rawValue)/\(messageID.canonical)", kind: kind,
            stage: stage,
            detail: resolution.why.map { "by \(resolution.by): \($0)" } ?? "by \(resolution.by)")
    }
}

extension EventView {
    /// - Parameter withNote: whether what the staff wrote may be shown.
    init(_ entry: TimelineEntry, withNote: Bool) {
        self.init(at: entry.at, type: entry.kind.rawValue)
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
