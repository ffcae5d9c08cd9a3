import AdminAPI

import struct Foundation.Date

/// A person who signs in: at an organisation's desk, or at the operator's console.
struct StaffMember: Sendable, Equatable {
    typealias Role = StaffRole

    /// Characters.
    static let longestText = 128

    var number: Int64
    /// In lower case; one person has one.
    var email: String
    /// As others see it.
    var name: String
    /// `nil` for an operator.
    var organization: String?
    var role: Role
    var addedAt: Date
    var revokedAt: Date?
    /// When a session of theirs began last; `nil` before the first.
    var lastSignInAt: Date?
    /// Of the identity provider's account that they sign in with; `nil` for none.
    var issuer: String?

    var mayWrite: Bool { role == .write }

    /// As whose staff the API knows them; `nil` for an operator.
    var staff: Staff? {
        guard let organization else { return nil }
        return Staff(organization: organization, may: mayWrite ? .write : .read, person: self)
    }
}

extension StaffMember {
    /// A name of a person or an organisation as it is kept; `nil` for none that can be.
    static func text(_ raw: String) -> String? {
        let text = raw.utf8.count <= 12 * longestText ? NormalText.of(raw) : ""
        guard !text.isEmpty, text.count <= longestText,
            !text.unicodeScalars.contains(where: NormalText.isForbidden)
        else { return nil }
        return text
    }

    /// An e-mail address as it is kept; `nil` for what is none.
    static func address(_ raw: String) -> String? {
        guard let text = text(raw) else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace) else {
            return nil
        }
        return text.lowercased()
    }
}

/// A person who is to be added.
struct NewStaffMember: Sendable, Equatable {
    var email: String
    var name: String
    var organization: String?
    var role: StaffMember.Role
}

/// A link that signs somebody in once: a public part, by which it is found, and a secret, of which the hash is kept.
struct SignInLink: Sendable, Equatable {
    static let lifetime = Duration.seconds(24 * 3600)
    /// How many wrong secrets end a link.
    static let mostGuesses = 5

    var selector: String
    var hash: [UInt8]
    var expiresAt: Date
}

/// What became of an attempt to sign in.
enum SignInOutcome: Sendable, Equatable {
    case opened(StaffMember)
    /// There is no such link, it was used, it is too old, or it is for another room.
    case refused
}
