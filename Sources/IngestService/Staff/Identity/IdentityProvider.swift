import AdminAPI
import Contracts
import OpenIDConnect
import Pages
import Synchronization

import struct Foundation.Date

/// An OpenID provider that signs people in, and what becomes of them here.
struct IdentityProvider: Sendable, Equatable {
    /// Whose e-mail addresses are believed. An address names a person in the audit log.
    enum Addresses: String, Sendable, CaseIterable {
        /// Those that the provider says it has verified (`email_verified`, OpenID Connect Core 1.0, section 5.1).
        case verified
        /// All: the provider gives its people their addresses itself.
        case trusted
    }

    /// Part of the address that browsers come back to.
    var id: String
    /// As its button says.
    var name: String
    var registration: ClientRegistration
    var addresses = Addresses.verified
    var rules: [ClaimRule]

    /// The first rule that a person's claims meet decides.
    func rule(for claims: Claims) -> ClaimRule? { rules.first { $0.isMet(by: claims) } }

    /// Whether anybody gets into a room by it.
    func opens(_ room: PageFrame.Room) -> Bool { rules.contains { $0.opens(room) } }

    /// The claims that are looked at, by the names of the outermost.
    var wanted: Set<String> { Set(["email", "email_verified", "name"] + rules.compactMap(\.claim.first)) }
}

/// Who may do what, by one claim.
struct ClaimRule: Sendable, Equatable {
    /// Where the claim is, from the outermost name: `[realm_access, roles]`.
    var claim: [String]
    /// What it says, or holds among others.
    var value: String
    /// `nil` for operators.
    var organization: String?
    var role: StaffMember.Role

    func isMet(by claims: Claims) -> Bool { Self.values(claims[claim]).contains(value) }

    func opens(_ room: PageFrame.Room) -> Bool { (role == .operate) == (room == .console) }

    /// The texts that a claim holds, truth values as text; no others.
    static func values(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .bool(let flag): ["\(flag)"]
        case .array(let elements):
            elements.flatMap { element -> [String] in
                if case .array = element { return [] }
                return Self.values(element)
            }
        default: []
        }
    }
}

/// Who a provider says somebody is, as they are kept.
struct ClaimedPerson: Sendable, Equatable {
    enum Fault: Sendable, Equatable { case noAddress, notVerified }

    var email: String
    var name: String

    /// Who claims to be there, if the provider says enough.
    static func of(_ claims: Claims, _ addresses: IdentityProvider.Addresses) -> Result<ClaimedPerson, Problem> {
        guard let email = claims.text(["email"]).flatMap(StaffMember.address) else {
            return .failure(Problem(fault: .noAddress))
        }
        guard addresses == .trusted || claims[["email_verified"]] == .bool(true) else {
            return .failure(Problem(fault: .notVerified))
        }
        let names = [["name"], ["preferred_username"]].lazy.compactMap { claims.text($0).flatMap(StaffMember.text) }
        let name = names.first ?? email.split(separator: "@").first.map(String.init) ?? email
        return .success(ClaimedPerson(email: email, name: name))
    }

    struct Problem: Error, Equatable { var fault: Fault }
}

/// The providers that the file names now. One that is as it was keeps what it knows of its provider.
final class IdentityProviders: Sendable {
    /// One of them, with what signs people in by it.
    struct Entry: Sendable {
        var provider: IdentityProvider
        var party: RelyingParty
        /// Where browsers come back to.
        var redirect: String
        /// Where they begin: under the name that they come back to, whichever they were using, since the cookie is for
        /// one name alone.
        var start: String
    }

    private let file: @Sendable () -> SignInFile
    private let now: @Sendable () -> Date
    private let parties = Mutex<[String: (registration: ClientRegistration, party: RelyingParty)]>([:])

    init(
        file: @escaping @Sendable () -> SignInFile = { SignInFile() }, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.file = file
        self.now = now
    }

    /// Those that let somebody into a room, in the file's order.
    func entries(of room: PageFrame.Room) -> [Entry] {
        let file = file()
        guard let base = file.addresses[room] else { return [] }
        return file.providers.filter { $0.opens(room) }.map { provider in
            let start = "\(base)/\(room.rawValue)/sign-in/with/\(provider.id)"
            return Entry(
                provider: provider, party: party(provider), redirect: "\(start)/callback", start: start)
        }
    }

    func entry(_ id: String?, of room: PageFrame.Room) -> Entry? { entries(of: room).first { $0.provider.id == id } }

    private func party(_ provider: IdentityProvider) -> RelyingParty {
        parties.withLock { parties in
            if let known = parties[provider.id], known.registration == provider.registration { return known.party }
            let party = RelyingParty(provider.registration, now: now)
            parties[provider.id] = (provider.registration, party)
            return party
        }
    }
}
