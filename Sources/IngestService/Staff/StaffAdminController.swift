import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages

import struct Foundation.Date

/// Who may sign in: what operators ask and say about people, below `/admin/staff`.
struct StaffAdminController: Sendable {
    var store: RequestStore
    var bodies = RequestBodyReader(limit: 16384)
    var now: @Sendable () -> Date

    func register(on group: RouterGroup<BasicRequestContext>) {
        let group = group.group("staff")
        group.add(middleware: ProblemMiddleware())
        group.get(use: list)
        group.post(use: add)
        group.post("link", use: link)
        group.post("revoke", use: revoke)
    }

    /// `GET /admin/staff`
    @Sendable private func list(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let all = try await ask(context) { () async throws(StoreError) in try await store.staff() }
        return Response(status: .ok, json: List(staff: all.map(View.init)))
    }

    /// `POST /admin/staff` with `email`, `may`, `by`, perhaps `name`, and the `organization` unless they operate: 201
    /// with a link that signs them in once, and a token for programs. Neither is ever shown again. 409 when there is
    /// such a person.
    @Sendable private func add(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let wanted = try StaffWish.parse(try await bodies.read(request))
        let (code, token, now) = (SignInCode(), PersonToken.make(), Timestamp.truncate(now()))
        let until = now.shifted(by: SignInLink.lifetime)
        let added = try await ask(context) { () async throws(StoreError) in
            try await store.addStaff(
                wanted.member, token: PersonToken.hash(token), link: code.link(until: until), by: wanted.by, at: now)
        }
        guard let added else {
            throw Problem(
                status: .conflict, code: "staff-exists",
                detail:
                    "There is a person with this address, perhaps a revoked one: make a link, or use another address.")
        }
        context.logger.notice("A person was added.", metadata: ["role": "\(added.role.rawValue)"])
        // An operator's console needs no token: programs have the admin listener's.
        let isOperator = added.role == .operate
        return Response(
            status: .created,
            json: Added(
                person: View(added), link: Self.path(added, code), linkExpiresAt: until,
                token: isOperator ? nil : token))
    }

    /// `POST /admin/staff/link` with `email` and `by`: another link; the ones before it do not work any more.
    @Sendable private func link(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let (email, by) = try StaffWish.parseName(try await bodies.read(request))
        let (code, now) = (SignInCode(), Timestamp.truncate(now()))
        let until = now.shifted(by: SignInLink.lifetime)
        let member = try await ask(context) { () async throws(StoreError) in
            try await store.addLink(code.link(until: until), for: email, by: by, at: now)
        }
        guard let member else { throw Problem.notFound }
        return Response(
            status: .created, json: Added(person: View(member), link: Self.path(member, code), linkExpiresAt: until))
    }

    /// `POST /admin/staff/revoke` with `email` and `by`: ends sessions, links and the token at once.
    @Sendable private func revoke(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let (email, by) = try StaffWish.parseName(try await bodies.read(request))
        let now = Timestamp.truncate(now())
        let member = try await ask(context) { () async throws(StoreError) in
            try await store.revokeStaff(email, by: by, at: now)
        }
        guard let member else { throw Problem.notFound }
        context.logger.notice("A person was revoked.", metadata: ["role": "\(member.role.rawValue)"])
        return Response(status: .ok, json: View(member))
    }

    private static func path(_ member: StaffMember, _ code: SignInCode) -> String {
        "/\(member.role == .operate ? "console" : "desk")/sign-in/\(code.text)"
    }

    private func ask<Result>(
        _ context: some RequestContext, _ body: () async throws(StoreError) -> Result
    ) async throws(Problem) -> Result {
        do { return try await body() } catch {
            context.logger.error("The store cannot be used.", metadata: ["error": "\(error)"])
            throw Problem(
                status: .serviceUnavailable, code: "store-unavailable", detail: "The store cannot be used: \(error)")
        }
    }

    private struct List: Encodable {
        var staff: [View]
    }

    private struct View: Encodable {
        var email: String
        var name: String
        var organization: String?
        var may: String
        var addedAt: Date
        var lastSignInAt: Date?
        var revokedAt: Date?
        /// Of the identity provider's account that they sign in with.
        var issuer: String?

        init(_ member: StaffMember) {
            email = member.email
            name = member.name
            organization = member.organization
            may = member.role.rawValue
            addedAt = member.addedAt
            lastSignInAt = member.lastSignInAt
            revokedAt = member.revokedAt
            issuer = member.issuer
        }
    }

    private struct Added: Encodable {
        var person: View
        /// The path of the link: the desk's is on the public listener, the console's on this one.
        var link: String
        var linkExpiresAt: Date
        /// For programs, as `Authorization: Bearer`; absent for operators.
        var token: String?
    }
}

/// Whom an operator wants to add.
struct StaffWish: Sendable, Equatable {
    var member: NewStaffMember
    /// Who adds them.
    var by: String

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when members are missing or cannot be.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> StaffWish {
        var fields = try Fields(bytes)
        let (email, by) = (fields.email(), fields.text("by", needed: true) ?? "")
        let role = fields.text("may", needed: true).flatMap(StaffMember.Role.init)
        if role == nil {
            fields.report("/may", "must be one of \(StaffMember.Role.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let organization = fields.text("organization", needed: role != nil && role != .operate)
        if role == .operate, organization != nil { fields.report("/organization", "operators belong to none") }
        let name = fields.text("name", needed: false) ?? email.split(separator: "@").first.map(String.init) ?? ""
        guard fields.errors.isEmpty, let role else { throw .invalid(fields.errors) }
        return StaffWish(
            member: NewStaffMember(email: email, name: name, organization: organization, role: role), by: by)
    }

    /// - Returns: whom it is about, and who asks.
    static func parseName(_ bytes: [UInt8]) throws(Problem) -> (email: String, by: String) {
        var fields = try Fields(bytes)
        let (email, by) = (fields.email(), fields.text("by", needed: true) ?? "")
        guard fields.errors.isEmpty else { throw .invalid(fields.errors) }
        return (email, by)
    }

    private struct Fields {
        private let object: JSONObject
        private(set) var errors: [FieldError] = []

        init(_ bytes: [UInt8]) throws(Problem) {
            let json: JSONValue
            do throws(MalformedJSON) { json = try JSONValue(parsing: bytes) } catch { throw .malformed(error) }
            guard case .object(let object) = json else {
                throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
            }
            self.object = object
        }

        mutating func report(_ pointer: String, _ detail: String) {
            errors.append(FieldError(pointer: pointer, detail: detail, code: .format))
        }

        mutating func text(_ name: String, needed: Bool) -> String? {
            guard case .string(let raw) = object[name] else {
                if needed { errors.append(FieldError(pointer: "/\(name)", detail: "is missing", code: .required)) }
                return nil
            }
            guard let text = StaffMember.text(raw) else {
                report("/\(name)", "must be 1 to \(StaffMember.longestText) printable characters")
                return nil
            }
            return text
        }

        mutating func email() -> String {
            guard let text = text("email", needed: true) else { return "" }
            guard let address = StaffMember.address(text) else {
                report("/email", "must be an e-mail address")
                return ""
            }
            return address
        }
    }
}
