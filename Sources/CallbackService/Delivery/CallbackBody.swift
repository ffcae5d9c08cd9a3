import Contracts
import NIOCore

/// How a partner wants to be told: in its own words, and as much as it asks for.
struct CallbackBody: Sendable, Equatable {
    /// What a body has.
    enum Detail: String, Sendable, CaseIterable {
        /// `acceptance` and `status`.
        case basic
        /// Every field there is.
        case full
    }

    /// Intake's names of the fields, in their order in a body. A field that has no value is left out, as in Intake's
    /// own events: it is never `null`.
    enum Field: String, Sendable, CaseIterable {
        case acceptance, status
        /// Intake's own id of the request; the partner's is in the URL.
        case requestID = "requestId"
        case sequence, reason, rule, organization, precision
    }

    /// What a status is called, unless the file says otherwise.
    static let defaultStatuses: [RequestStatus: String] = [
        .new: "new", .assigned: "in progress", .scheduled: "scheduled", .completed: "installed", .canceled: "canceled",
    ]

    let detail: Detail
    let names: [Field: String]
    let statuses: [RequestStatus: String]
    /// The bodies of nearly every callback, written once.
    private let accepted: ByteBuffer
    private let declined: ByteBuffer

    /// - Parameters:
    ///   - names: what fields are called that are not called by Intake's name.
    ///   - statuses: what statuses are called that are not called as in `defaultStatuses`.
    init(detail: Detail = .basic, names: [Field: String] = [:], statuses: [RequestStatus: String] = [:]) {
        self.detail = detail
        self.names = names
        self.statuses = Self.defaultStatuses.merging(statuses) { $1 }
        accepted = Self.basic(true, .new, names, self.statuses)
        declined = Self.basic(false, .new, names, self.statuses)
    }

    /// What a body has, in its order.
    static func fields(_ detail: Detail) -> [Field] {
        switch detail {
        case .basic: [.acceptance, .status]
        case .full: Field.allCases
        }
    }

    func bytes(_ notice: Notice) -> ByteBuffer {
        guard detail == .full else {
            guard notice.status == .new else {
                return Self.basic(notice.acceptance, notice.status, names, statuses)
            }
            return notice.acceptance ? accepted : declined
        }
        var object = JSONObjectText()
        for field in Field.allCases {
            guard let value = value(of: field, notice) else { continue }
            // The writer's one member with a name that is not known at compile time.
            object.add(header: names[field] ?? field.rawValue, value)
        }
        return ByteBuffer(bytes: object.bytes())
    }

    private func value(of field: Field, _ notice: Notice) -> HeaderValue? {
        switch field {
        case .acceptance: .bool(notice.acceptance)
        case .status: .string(Self.word(notice.status, statuses))
        case .requestID: .string(notice.requestID.description)
        case .sequence: .int(Int64(notice.sequence))
        case .reason: .string(notice.reason.rawValue)
        case .rule: notice.rule.map { .string($0) }
        case .organization: .string(notice.request.organization)
        case .precision: notice.precision.map { .string($0.rawValue) }
        }
    }

    private static func basic(
        _ acceptance: Bool, _ status: RequestStatus, _ names: [Field: String], _ statuses: [RequestStatus: String]
    ) -> ByteBuffer {
        var object = JSONObjectText()
        object.add(header: names[.acceptance] ?? Field.acceptance.rawValue, .bool(acceptance))
        object.add(header: names[.status] ?? Field.status.rawValue, .string(word(status, statuses)))
        return ByteBuffer(bytes: object.bytes())
    }

    /// A status that the file does not name goes by Intake's own word: it may be newer than this service.
    private static func word(_ status: RequestStatus, _ statuses: [RequestStatus: String]) -> String {
        statuses[status] ?? status.rawValue
    }
}
