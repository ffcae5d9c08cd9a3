package import struct Foundation.Date

package enum ListStaff: AdminEndpoint {
    package static let route = AdminRoute(.get, "staff", of: .ingest)

    package struct Answer: Sendable, Equatable, Codable {
        package var staff: [StaffPerson]

        package init(staff: [StaffPerson]) { self.staff = staff }
    }
}

/// Adds a person who may sign in. 409 when there is such a one.
package enum AddStaff: AdminEndpoint {
    package static let route = AdminRoute(.post, "staff", of: .ingest)
    package typealias Answer = AddedStaff
    package static func status(of answer: Answer) -> Int { 201 }

    package struct Body: Sendable, Equatable, Codable {
        package enum CodingKeys: CodingKey { case email, name, organization, may, by }

        package var email: String
        /// By default what stands before the @.
        package var name: String?
        /// Of everybody but operators.
        package var organization: String?
        package var may: StaffRole
        /// Who adds them.
        package var by: String

        package init(email: String, name: String?, organization: String?, may: StaffRole, by: String) {
            (self.email, self.name, self.organization) = (email, name, organization)
            (self.may, self.by) = (may, by)
        }
    }
}

/// Makes another link that signs a person in; the ones before it do not work any more.
package enum LinkStaff: AdminEndpoint {
    package static let route = AdminRoute(.post, "staff/link", of: .ingest)
    package typealias Body = StaffChange
    package typealias Answer = AddedStaff
    package static func status(of answer: Answer) -> Int { 201 }
}

/// Ends a person's sessions, links and token at once.
package enum RevokeStaff: AdminEndpoint {
    package static let route = AdminRoute(.post, "staff/revoke", of: .ingest)
    package typealias Body = StaffChange
    package typealias Answer = StaffPerson
}

package struct StaffChange: Sendable, Equatable, Codable {
    package enum CodingKeys: CodingKey { case email, by }

    package var email: String
    /// Who asks for it.
    package var by: String

    package init(email: String, by: String) { (self.email, self.by) = (email, by) }
}

/// What a person may do.
package enum StaffRole: String, Sendable, CaseIterable, Codable {
    /// Looks at an organisation's requests.
    case read
    /// Looks at them, and changes them.
    case write
    /// Looks after the system, for no organisation.
    case operate
}

/// A person who may sign in, or might once.
package struct StaffPerson: Sendable, Equatable, Codable {
    package var email: String
    package var name: String
    package var organization: String?
    package var may: StaffRole
    package var addedAt: Date
    package var lastSignInAt: Date?
    package var revokedAt: Date?
    /// Of the identity provider's account that they sign in with.
    package var issuer: String?

    package init(
        email: String, name: String, organization: String?, may: StaffRole, addedAt: Date, lastSignInAt: Date?,
        revokedAt: Date?, issuer: String?
    ) {
        (self.email, self.name, self.organization, self.may) = (email, name, organization, may)
        (self.addedAt, self.lastSignInAt, self.revokedAt) = (addedAt, lastSignInAt, revokedAt)
        self.issuer = issuer
    }
}

/// A person with what is shown once.
package struct AddedStaff: Sendable, Equatable, Codable {
    package var person: StaffPerson
    /// A path: the desk's is on the public listener, the console's on the admin listener.
    package var link: String
    package var linkExpiresAt: Date
    /// For programs, as `Authorization: Bearer`; absent for operators.
    package var token: String?

    package init(person: StaffPerson, link: String, linkExpiresAt: Date, token: String? = nil) {
        (self.person, self.link, self.linkExpiresAt, self.token) = (person, link, linkExpiresAt, token)
    }
}
