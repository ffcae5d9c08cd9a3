import AdminAPI
import Contracts

import struct Foundation.Date

/// Where people, their sessions and what they did are kept. Secrets are kept as hashes alone.
extension RequestStore {
    /// - Returns: `nil` when there is somebody with this address already.
    func addStaff(
        _ new: NewStaffMember, token: [UInt8], link: SignInLink, by: String, at now: Date
    ) async throws(StoreError) -> StaffMember? {
        try await write { transaction in
            let added = try transaction.changes(
                """
                INSERT INTO staff_person (email, name, organization, role, token_hash, added_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING
                """, [new.email, new.name, new.organization, new.role, token, now])
            guard added > 0, let member = try transaction.member(new.email) else { return nil }
            try transaction.write(link, for: member, at: now)
            try transaction.write(
                AuditEntry(
                    at: now, person: by, organization: new.organization, action: .staffAdded,
                    detail: "\(new.email), \(new.role.rawValue)"))
            return member
        }
    }

    /// All, by organisation and address.
    func staff() async throws(StoreError) -> [StaffMember] {
        try await read { transaction in
            try transaction.rows(
                "\(StaffMember.select) ORDER BY coalesce(organization, ''), email", [], StaffMember.init)
        }
    }

    /// The names of an organisation's people, for those who assign.
    func staffNames(of organization: String) async throws(StoreError) -> [String] {
        try await read { transaction in
            try transaction.rows(
                "SELECT name FROM staff_person WHERE organization = ? AND revoked_at IS NULL ORDER BY name LIMIT 200",
                [organization]
            ) { try $0["name"] }
        }
    }

    /// Makes a new link for somebody; the earlier ones are void. Whoever gets it is vouched for by an operator: an
    /// account of an identity provider's that they signed in with is forgotten, so that another with their address may
    /// come.
    /// - Returns: `nil` when there is no such person, or not any more.
    func addLink(
        _ link: SignInLink, for email: String, by: String, at now: Date
    ) async throws(StoreError) -> StaffMember? {
        try await write { transaction in
            guard let member = try transaction.member(email), member.revokedAt == nil else { return nil }
            try transaction.execute("DELETE FROM staff_link WHERE person = ?", [member.number])
            try transaction.execute(
                "UPDATE staff_person SET issuer = NULL, subject = NULL WHERE number = ?", [member.number])
            try transaction.write(link, for: member, at: now)
            try transaction.write(
                AuditEntry(
                    at: now, person: by, organization: member.organization, action: .linkMade, detail: member.email))
            return member
        }
    }

    /// Ends all that somebody may: sessions, links and token.
    /// - Returns: `nil` when there is no such person.
    func revokeStaff(_ email: String, by: String, at now: Date) async throws(StoreError) -> StaffMember? {
        try await write { transaction in
            guard var member = try transaction.member(email) else { return nil }
            guard member.revokedAt == nil else { return member }
            try transaction.execute(
                "UPDATE staff_person SET revoked_at = ?, token_hash = NULL WHERE number = ?", [now, member.number])
            try transaction.execute("DELETE FROM staff_link WHERE person = ?", [member.number])
            try transaction.execute(
                "UPDATE staff_session SET ended_at = ? WHERE person = ? AND ended_at IS NULL", [now, member.number])
            try transaction.write(
                AuditEntry(
                    at: now, person: by, organization: member.organization, action: .staffRevoked,
                    detail: member.email))
            member.revokedAt = now
            return member
        }
    }

    /// Whom a link is for, as long as it can be used.
    func linkOwner(_ selector: String, at now: Date) async throws(StoreError) -> StaffMember? {
        try await read { transaction in
            try transaction.first(
                """
                \(StaffMember.select) JOIN staff_link ON staff_link.person = person.number
                WHERE selector = ? AND expires_at > ? AND wrong < ? AND revoked_at IS NULL
                """, [selector, now, SignInLink.mostGuesses], StaffMember.init)
        }
    }

    /// Uses a link up for a session. A wrong secret is counted against the link.
    func signIn(
        _ selector: String, secret: [UInt8], isConsole: Bool, session: [UInt8], until: Date, at now: Date
    ) async throws(StoreError) -> SignInOutcome {
        try await write { transaction in
            let link = try transaction.first(
                """
                SELECT staff_link.person AS person, hash, role FROM staff_link
                JOIN staff_person ON staff_person.number = staff_link.person
                WHERE selector = ? AND expires_at > ? AND wrong < ? AND revoked_at IS NULL
                """ + transaction.dialect.locking("staff_link"), [selector, now, SignInLink.mostGuesses]
            ) {
                (
                    person: try $0["person"] as Int64, hash: try $0["hash"] as [UInt8],
                    role: try $0["role"] as StaffMember.Role
                )
            }
            guard let link, (link.role == .operate) == isConsole else { return .refused }
            // Of equal length, and compared whole.
            let isRight =
                link.hash.count == secret.count && zip(link.hash, secret).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
            guard isRight else {
                try transaction.execute("UPDATE staff_link SET wrong = wrong + 1 WHERE selector = ?", [selector])
                return .refused
            }
            try transaction.execute("DELETE FROM staff_link WHERE person = ?", [link.person])
            try transaction.openSession(session, of: link.person, until: until, at: now)
            guard
                let member = try transaction.first(
                    "\(StaffMember.select) WHERE number = ?", [link.person], StaffMember.init)
            else { return .refused }
            try transaction.write(
                AuditEntry(at: now, person: member.email, organization: member.organization, action: .signedIn))
            return .opened(member)
        }
    }

    /// Whose session it is; `nil` when it has ended or never was.
    func session(_ hash: [UInt8], at now: Date) async throws(StoreError) -> StaffMember? {
        try await read { transaction in
            try transaction.first(
                """
                \(StaffMember.select) WHERE revoked_at IS NULL AND number = (
                    SELECT person FROM staff_session WHERE hash = ? AND expires_at > ? AND ended_at IS NULL)
                """, [hash, now], StaffMember.init)
        }
    }

    func endSession(_ hash: [UInt8], by member: StaffMember, at now: Date) async throws(StoreError) {
        try await write { transaction in
            try transaction.execute(
                "UPDATE staff_session SET ended_at = ? WHERE hash = ? AND ended_at IS NULL", [now, hash])
            try transaction.write(
                AuditEntry(at: now, person: member.email, organization: member.organization, action: .signedOut))
        }
    }

    /// Whose token it is.
    func staff(token: [UInt8]) async throws(StoreError) -> StaffMember? {
        try await read { transaction in
            try transaction.first(
                "\(StaffMember.select) WHERE token_hash = ? AND revoked_at IS NULL", [token], StaffMember.init)
        }
    }
}

extension StoreTransaction {
    func member(_ email: String) throws -> StaffMember? {
        try first("\(StaffMember.select) WHERE email = ?", [email], StaffMember.init)
    }

    func openSession(_ session: [UInt8], of person: Int64, until: Date, at now: Date) throws {
        try execute(
            "INSERT INTO staff_session (hash, person, started_at, expires_at) VALUES (?, ?, ?, ?)",
            [session, person, now, until])
        // What has ended long ago says nothing any more.
        try execute("DELETE FROM staff_session WHERE expires_at < ?", [now.before(.seconds(86400 * 30))])
    }

    fileprivate func write(_ link: SignInLink, for member: StaffMember, at now: Date) throws {
        try execute("DELETE FROM staff_link WHERE expires_at < ?", [now])
        try execute(
            "INSERT INTO staff_link (selector, hash, person, expires_at, wrong) VALUES (?, ?, ?, ?, 0)",
            [link.selector, link.hash, member.number, link.expiresAt])
    }
}

extension StaffMember.Role: StoreConvertible {}

extension StaffMember {
    static let select = """
        SELECT person.*, (
                SELECT max(started_at) FROM staff_session WHERE staff_session.person = person.number
            ) AS last_sign_in_at
        FROM staff_person AS person
        """

    init(_ row: StoreRow) throws(StoreError) {
        self.init(
            number: try row["number"], email: try row["email"], name: try row["name"],
            organization: try row["organization"], role: try row["role"], addedAt: try row["added_at"],
            revokedAt: try row["revoked_at"], lastSignInAt: try row["last_sign_in_at"], issuer: try row["issuer"])
    }
}
