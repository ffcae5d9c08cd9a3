import AdminAPI
import Contracts
import GRDB
import OpenIDConnect

import struct Foundation.Date

/// Whom a provider has signed in, and what its rules make of them.
struct ProviderIdentity: Sendable, Equatable {
    /// As the file names it.
    var provider: String
    /// With the subject the only name that stays (OpenID Connect Core 1.0, section 5.7).
    var issuer: String
    var subject: String
    var person: NewStaffMember
}

enum ProviderSignInOutcome: Sendable, Equatable {
    case opened(StaffMember)
    /// The attempt was used already.
    case used
    /// An operator has revoked the person.
    case revoked
    /// Another account's person has the address.
    case taken
}

extension RequestStore {
    /// Opens a session for whom a provider has signed in, who is added when they are new. A person who was added by
    /// hand is taken for the same by their address, once.
    func signIn(
        _ identity: ProviderIdentity, attempt: [UInt8], session: [UInt8], until: Date, at now: Date
    ) async throws(StoreError) -> ProviderSignInOutcome {
        try await write { transaction -> ProviderSignInOutcome in
            try transaction.execute("DELETE FROM staff_attempt WHERE expires_at < ?", [now])
            // Longer than it can be shown again.
            let isFirst = try transaction.changes(
                "INSERT INTO staff_attempt (hash, expires_at) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
                [attempt, now.shifted(by: SignInAttempt.lifetime * 2)])
            guard isFirst > 0 else { return .used }
            guard let known = try transaction.member(of: identity, at: now) else { return .taken }
            guard known.revokedAt == nil else { return .revoked }
            guard try transaction.update(known, to: identity, at: now) else { return .taken }
            try transaction.openSession(session, of: known.number, until: until, at: now)
            try transaction.write(
                AuditEntry(
                    at: now, person: identity.person.email, organization: identity.person.organization,
                    action: .signedIn, detail: "\(identity.person.name), by \(identity.provider)"))
            guard let member = try transaction.member(identity.person.email) else { return .taken }
            return .opened(member)
        }
    }
}

extension StoreTransaction {
    /// - Returns: `nil` when another account's person has the address.
    fileprivate func member(of identity: ProviderIdentity, at now: Date) throws -> StaffMember? {
        let found = try first(
            "\(StaffMember.select) WHERE issuer = ? AND subject = ?", [identity.issuer, identity.subject],
            StaffMember.init)
        if let found { return found }
        let person = identity.person
        let added = try changes(
            """
            INSERT INTO staff_person (email, name, organization, role, added_at, issuer, subject)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING
            """,
            [
                person.email, person.name, person.organization, person.role, now, identity.issuer, identity.subject,
            ])
        if added > 0 {
            try write(
                AuditEntry(
                    at: now, person: person.email, organization: person.organization, action: .staffAdded,
                    detail: "\(person.email), \(person.role.rawValue), by \(identity.provider)"))
        }
        guard let member = try member(person.email) else { return nil }
        return added > 0 || member.issuer == nil ? member : nil
    }

    /// Makes a person what the provider says now.
    /// - Returns: whether nobody else has the address.
    fileprivate func update(_ known: StaffMember, to identity: ProviderIdentity, at now: Date) throws -> Bool {
        let person = identity.person
        if known.email != person.email, try member(person.email) != nil { return false }
        try execute(
            """
            UPDATE staff_person SET email = ?, name = ?, organization = ?, role = ?, issuer = ?, subject = ?
            WHERE number = ?
            """,
            [
                person.email, person.name, person.organization, person.role, identity.issuer, identity.subject,
                known.number,
            ])
        guard known.role != person.role || known.organization != person.organization else { return true }
        func shown(_ role: StaffMember.Role, _ organization: String?) -> String {
            organization.map { "\(role.rawValue) at \($0)" } ?? role.rawValue
        }
        let (before, after) = (shown(known.role, known.organization), shown(person.role, person.organization))
        try write(
            AuditEntry(
                at: now, person: person.email, organization: person.organization, action: .rightsChanged,
                detail: "\(before), now \(after), by \(identity.provider)"))
        return true
    }
}

extension SQLiteSchema {
    /// What came with identity providers. An attempt is there by its hash, once it was used.
    static func registerIdentities(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("10 identities") { database in
            try database.execute(
                sql: """
                    ALTER TABLE staff_person ADD COLUMN issuer TEXT;
                    ALTER TABLE staff_person ADD COLUMN subject TEXT;
                    CREATE UNIQUE INDEX staff_person_by_subject ON staff_person (issuer, subject)
                        WHERE subject IS NOT NULL;
                    CREATE TABLE staff_attempt (hash BLOB NOT NULL PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
                    """)
        }
    }
}
