import AdminAPI
import Contracts
import HTTPListener
import Hummingbird
import Logging
import Pages
import ServiceRuntime

import struct Foundation.Date

/// Who may sign in: what operators ask and say about people, below `/admin/staff`.
struct StaffAdminController: Sendable {
    var access: StoreAccess
    var bodies = RequestBodyReader(limit: 16384)
    var now: @Sendable () -> Date

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.serve(ListStaff.self, list)
        group.serve(AddStaff.self, add)
        group.serve(LinkStaff.self, link)
        group.serve(RevokeStaff.self, revoke)
    }

    @Sendable private func list(_ asked: AdminQuestion<ListStaff>) async throws -> ListStaff.Answer {
        let all = try await access.ask(.operate, asked.logger) { store in try await store.staff() }
        return ListStaff.Answer(staff: all.map(StaffPerson.init))
    }

    /// A link that signs them in once, and a token for programs: neither is ever shown again.
    @Sendable private func add(_ asked: AdminQuestion<AddStaff>) async throws -> AddedStaff {
        let wanted = try AddStaff.Body(parsing: try await bodies.read(asked.request))
        let (code, token, now) = (SignInCode(), PersonToken.make(), Timestamp.truncate(now()))
        let until = now.shifted(by: SignInLink.lifetime)
        let member = NewStaffMember(
            email: wanted.email, name: wanted.name ?? wanted.email.split(separator: "@").first.map(String.init) ?? "",
            organization: wanted.organization, role: wanted.may)
        let added = try await access.ask(.operate, asked.logger) { store in
            try await store.addStaff(
                member, token: PersonToken.hash(token), link: code.link(until: until), by: wanted.by, at: now)
        }
        guard let added else {
            throw Problem(
                status: .conflict, code: "staff-exists",
                detail:
                    "There is a person with this address, perhaps a revoked one: make a link, or use another address.")
        }
        asked.logger.notice("A person was added.", metadata: ["role": "\(added.role.rawValue)"])
        // An operator's console needs no token: programs have the admin listener's.
        let isOperator = added.role == .operate
        return AddedStaff(
            person: StaffPerson(added), link: Self.path(added, code), linkExpiresAt: until,
            token: isOperator ? nil : token)
    }

    @Sendable private func link(_ asked: AdminQuestion<LinkStaff>) async throws -> AddedStaff {
        let body = try StaffChange(parsing: try await bodies.read(asked.request))
        let (code, now) = (SignInCode(), Timestamp.truncate(now()))
        let until = now.shifted(by: SignInLink.lifetime)
        let member = try await access.ask(.operate, asked.logger) { store in
            try await store.addLink(code.link(until: until), for: body.email, by: body.by, at: now)
        }
        guard let member else { throw Problem.notFound }
        return AddedStaff(person: StaffPerson(member), link: Self.path(member, code), linkExpiresAt: until)
    }

    @Sendable private func revoke(_ asked: AdminQuestion<RevokeStaff>) async throws -> StaffPerson {
        let body = try StaffChange(parsing: try await bodies.read(asked.request))
        let now = Timestamp.truncate(now())
        let member = try await access.ask(.operate, asked.logger) { store in
            try await store.revokeStaff(body.email, by: body.by, at: now)
        }
        guard let member else { throw Problem.notFound }
        asked.logger.notice("A person was revoked.", metadata: ["role": "\(member.role.rawValue)"])
        return StaffPerson(member)
    }

    private static func path(_ member: StaffMember, _ code: SignInCode) -> String {
        "/\(member.role == .operate ? "console" : "desk")/sign-in/\(code.text)"
    }
}

extension StaffPerson {
    fileprivate init(_ member: StaffMember) {
        self.init(
            email: member.email, name: member.name, organization: member.organization, may: member.role,
            addedAt: member.addedAt, lastSignInAt: member.lastSignInAt, revokedAt: member.revokedAt,
            issuer: member.issuer)
    }
}

extension AddStaff.Body {
    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when members are missing or cannot be.
    fileprivate init(parsing bytes: [UInt8]) throws(Problem) {
        var fields = try StaffFields<CodingKeys>(bytes)
        let (email, by) = (fields.email(.email), fields.text(.by, needed: true) ?? "")
        let role = fields.text(.may, needed: true).flatMap(StaffRole.init)
        if role == nil {
            fields.report(.may, "must be one of \(StaffRole.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let organization = fields.text(.organization, needed: role != nil && role != .operate)
        if role == .operate, organization != nil { fields.report(.organization, "operators belong to none") }
        let name = fields.text(.name, needed: false)
        guard fields.errors.isEmpty, let role else { throw .invalid(fields.errors) }
        self.init(email: email, name: name, organization: organization, may: role, by: by)
    }
}

extension StaffChange {
    fileprivate init(parsing bytes: [UInt8]) throws(Problem) {
        var fields = try StaffFields<CodingKeys>(bytes)
        let (email, by) = (fields.email(.email), fields.text(.by, needed: true) ?? "")
        guard fields.errors.isEmpty else { throw .invalid(fields.errors) }
        self.init(email: email, by: by)
    }
}

/// The members of a body about a person, and all that is wrong with them.
private struct StaffFields<Key: CodingKey> {
    private let object: JSONObject
    private(set) var errors: [FieldError] = []

    init(_ bytes: [UInt8]) throws(Problem) { object = try JSONObject(body: bytes) }

    mutating func report(_ key: Key, _ detail: String) {
        errors.append(FieldError(pointer: "/\(key.stringValue)", detail: detail, code: .format))
    }

    mutating func text(_ key: Key, needed: Bool) -> String? {
        guard case .string(let raw) = object[key.stringValue] else {
            if needed {
                errors.append(FieldError(pointer: "/\(key.stringValue)", detail: "is missing", code: .required))
            }
            return nil
        }
        guard let text = StaffMember.text(raw) else {
            report(key, "must be 1 to \(StaffMember.longestText) printable characters")
            return nil
        }
        return text
    }

    mutating func email(_ key: Key) -> String {
        guard let text = text(key, needed: true) else { return "" }
        guard let address = StaffMember.address(text) else {
            report(key, "must be an e-mail address")
            return ""
        }
        return address
    }
}
