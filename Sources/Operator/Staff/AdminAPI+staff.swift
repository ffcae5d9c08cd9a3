import Contracts
import Foundation
import NIOHTTP1
import Terminal

extension AdminAPI {
    func staff() async throws(CommandError) -> [StaffPerson] {
        struct Page: Decodable { var staff: [StaffPerson] }
        let page: Page = try Self.decode(try await send(.GET, "staff"))
        return page.staff
    }

    /// - Parameter by: who adds them.
    func addStaff(
        _ email: String, name: String?, organization: String?, may: StaffRole, by: String
    ) async throws(CommandError) -> AddedStaff {
        var body = JSONObjectText()
        body.add("email", email)
        body.add("name", name)
        body.add("organization", organization)
        body.add("may", may.rawValue)
        body.add("by", by)
        guard let answer = try await sendIfThere(.POST, "staff", body: Data(body.bytes())) else {
            throw nothing(at: "staff")
        }
        return try Self.decode(answer)
    }

    func staffLink(_ email: String, by: String) async throws(CommandError) -> AddedStaff {
        try Self.decode(try await change("staff/link", email, by))
    }

    func revokeStaff(_ email: String, by: String) async throws(CommandError) -> StaffPerson {
        try Self.decode(try await change("staff/revoke", email, by))
    }

    private func change(_ path: String, _ email: String, _ by: String) async throws(CommandError) -> Data {
        var body = JSONObjectText()
        body.add("email", email)
        body.add("by", by)
        guard let answer = try await sendIfThere(.POST, path, body: Data(body.bytes())) else {
            throw CommandError("nobody with the address \(PrintableText.of(email)) may sign in")
        }
        return answer
    }
}

/// A person, as the admin API shows them.
struct StaffPerson: Codable, Sendable, Equatable {
    var email: String
    var name: String
    var organization: String?
    var may: String
    var addedAt: Date
    var lastSignInAt: Date?
    var revokedAt: Date?
}

/// A person with what is shown once.
struct AddedStaff: Decodable, Sendable {
    var person: StaffPerson
    /// A path.
    var link: String
    var linkExpiresAt: Date
    var token: String?
}
