import Contracts
import HTTPListener

/// How an organisation wants to reach the people who need help.
enum ContactRule: String, Sendable, CaseIterable {
    /// By phone and by e-mail: both must be there.
    case both
    /// By either: one of the two must be there.
    case either

    /// - Returns: what is missing; a text that is empty is not there.
    func errors(phone: String, email: String) -> [FieldError] {
        switch self {
        case .both:
            return [("phone", phone), ("email", email)].filter { $0.1.isEmpty }.map { name, _ in
                FieldError(pointer: "/\(name)", detail: "is required", code: .required)
            }
        case .either:
            guard phone.isEmpty, email.isEmpty else { return [] }
            return [FieldError(pointer: "/phone", detail: "or an email is required", code: .required)]
        }
    }
}

/// The body of a partner's PATCH: a merge patch (RFC 7396) of the contact data. Where the help is needed cannot be
/// changed: it is what was decided on.
struct ContactPatch: Sendable, Equatable {
    var name: String?
    /// In normal form; empty to take it away.
    var phone: String?
    /// Empty to take it away.
    var email: String?

    private static let fields: Set<SubmissionBody.Field> = [.name, .phone, .email]

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when it is not such a patch; it names
    ///   everything that is wrong.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> ContactPatch {
        let body = try SubmissionBody.parse(bytes)
        guard body.isObject else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        return try SubmissionValidator.contact(body, fields)
    }

    func applied(to submission: Submission) -> Submission {
        var changed = submission
        changed.name = name ?? changed.name
        changed.phone = phone ?? changed.phone
        changed.email = email ?? changed.email
        return changed
    }
}
