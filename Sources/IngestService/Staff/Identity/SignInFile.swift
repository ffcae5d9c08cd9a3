import AdminAPI
import Contracts
import OpenIDConnect
import Pages
import ServiceRuntime
import Yams

/// Who signs people in beside the links: `sign-in.yaml`.
///
/// ```yaml
/// addresses:                      # under which browsers reach the pages, without a path
///   desk: https://intake.example.org
///   console: https://ops.example.org      # where operators sign in so
/// identity_providers:
///   chapter:                      # 1 to 32 ASCII letters, digits, '-', '_'; part of the redirect address
///     name: Chapter account       # on the button, 1 to 60 characters
///     issuer: https://login.example.org/realms/relief
///     client_id: intake
///     client_secret_file: oidc-chapter    # its first line, beside this file; or client_secret_env
///     scopes: [openid, email, profile]    # unless others are given
///     emails: verified            # or trusted: the provider gives its people their addresses itself
///     rules:                      # the first that is met decides
///       - {claim: groups, has: coordinators, organization: example-org, may: write}
///       - {claim: [realm_access, roles], has: intake-operator, may: operate}
/// ```
struct SignInFile: Sendable, Equatable {
    /// By room; without a slash at the end.
    var addresses: [PageFrame.Room: String] = [:]
    var providers: [IdentityProvider] = []

    /// - Parameters:
    ///   - files: the content of a file by its name.
    ///   - environment: the value of a variable.
    /// - Throws: `FileProblems`: all of them, each with its path in the file and its line.
    static func parse(
        _ bytes: [UInt8], files: (String) -> [UInt8]?,
        environment: (String) -> String? = SecretSources.ofProcess.environment
    ) throws(FileProblems) -> SignInFile {
        try withoutActuallyEscaping(files) { files throws(FileProblems) in
            try withoutActuallyEscaping(environment) { environment throws(FileProblems) in
                var reader = SignInReader(files: files, environment: environment)
                return try reader.read(bytes)
            }
        }
    }
}

/// Walks the YAML tree of `sign-in.yaml`.
private struct SignInReader: YAMLReading {
    let files: (String) -> [UInt8]?
    let environment: (String) -> String?
    var problems: [String] = []

    private static let most = 20

    mutating func read(_ bytes: [UInt8]) throws(FileProblems) -> SignInFile {
        guard let root = try YAMLTree.root(of: bytes) else { return SignInFile() }
        var file = SignInFile()
        if let top = fields(of: root, at: "", known: ["addresses", "identity_providers"]) {
            if let addresses = top["addresses"] { file.addresses = read(addresses: addresses) }
            let entries = top["identity_providers"].flatMap { self.entries(of: $0, at: "identity_providers") } ?? []
            if entries.count > Self.most { report("identity_providers", root, "has more than \(Self.most) entries") }
            for (id, node) in entries.prefix(Self.most) {
                guard let provider = provider(id, node) else { continue }
                for room in [PageFrame.Room.desk, .console]
                where provider.opens(room) && file.addresses[room] == nil && !addressIsWrong {
                    report(
                        "identity_providers.\(id).rules", node,
                        "let people into the \(room.rawValue), and addresses.\(room.rawValue) is missing")
                }
                file.providers.append(provider)
            }
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        return file
    }

    private var addressIsWrong: Bool { problems.contains { $0.hasPrefix("addresses") } }

    private mutating func read(addresses: Node) -> [PageFrame.Room: String] {
        var found: [PageFrame.Room: String] = [:]
        guard let fields = fields(of: addresses, at: "addresses", known: ["desk", "console"]) else { return [:] }
        for room in [PageFrame.Room.desk, .console] {
            guard let node = fields[room.rawValue], let text = text(node, at: "addresses.\(room.rawValue)") else {
                continue
            }
            let base = text.hasSuffix("/") ? String(text.dropLast()) : text
            guard ProviderAddress.isGood(base), base.split(separator: "/").count == 2 else {
                report(
                    "addresses.\(room.rawValue)", node,
                    "must be https://name or https://name:port; http for a name of this host alone")
                continue
            }
            found[room] = base
        }
        return found
    }

    private static let keys = [
        "name", "issuer", "client_id", "client_secret_file", "client_secret_env", "scopes", "emails", "rules",
    ]

    private mutating func provider(_ id: String, _ node: Node) -> IdentityProvider? {
        let path = "identity_providers.\(Self.shown(id))"
        guard Self.isIdentifier(id) else {
            report(path, node, "is no name of a provider: 1 to 32 ASCII letters, digits, '-' or '_'")
            return nil
        }
        guard let fields = fields(of: node, at: path, known: Self.keys) else { return nil }
        let before = problems.count
        let name = needed("name", of: fields, node, at: path)
        if let name, StaffMember.text(name) != name || name.count > 60 {
            report("\(path).name", fields["name"] ?? node, "must be 1 to 60 printable characters")
        }
        let issuer = needed("issuer", of: fields, node, at: path)
        if let issuer, !ProviderAddress.isGood(issuer) {
            report(
                "\(path).issuer", fields["issuer"] ?? node,
                "must be an https address without query and fragment; http for a name of this host alone")
        }
        let client = needed("client_id", of: fields, node, at: path)
        if let client, !Self.isVisible(client) {
            report("\(path).client_id", fields["client_id"] ?? node, "must be 1 to 255 printable ASCII characters")
        }
        let secret = secret(fields, node, at: path)
        let scopes = scopes(fields["scopes"], at: "\(path).scopes")
        let addresses = addresses(fields["emails"], at: "\(path).emails")
        var rules: [ClaimRule] = []
        if let list = fields["rules"] {
            for (index, node) in (elements(of: list, at: "\(path).rules") ?? []).enumerated() {
                if let rule = rule(node, at: "\(path).rules[\(index)]") { rules.append(rule) }
            }
            if rules.isEmpty, problems.count == before { report("\(path).rules", list, "let nobody in") }
        } else {
            report("\(path).rules", node, "is missing")
        }
        guard problems.count == before, let name, let issuer, let client else { return nil }
        return IdentityProvider(
            id: id, name: name,
            registration: ClientRegistration(issuer: issuer, clientID: client, secret: secret, scopes: scopes),
            addresses: addresses, rules: rules)
    }

    private mutating func needed(
        _ name: String, of fields: [String: Node], _ parent: Node, at path: String
    ) -> String? {
        guard let node = fields[name] else {
            report("\(path).\(name)", parent, "is missing")
            return nil
        }
        return text(node, at: "\(path).\(name)")
    }

    private mutating func secret(_ fields: [String: Node], _ parent: Node, at path: String) -> Secret? {
        let given = ["client_secret_file", "client_secret_env"].filter { fields[$0] != nil }
        guard given.count < 2 else {
            report(path, parent, "has \(given.joined(separator: " and ")): only one of them may be given")
            return nil
        }
        guard let key = given.first, let node = fields[key], let name = text(node, at: "\(path).\(key)") else {
            return nil
        }
        let found: String?
        if key == "client_secret_file" {
            guard let bytes = files(name) else {
                report("\(path).\(key)", node, "the file cannot be read")
                return nil
            }
            found = String(
                validating: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        } else {
            found = environment(name)
        }
        guard let found, Self.isVisible(found) else {
            report("\(path).\(key)", node, "gives no secret: 1 to 255 printable ASCII characters")
            return nil
        }
        return Secret(found)
    }

    private mutating func scopes(_ node: Node?, at path: String) -> [String] {
        guard let node else { return ["openid", "email", "profile"] }
        var scopes: [String] = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let scope = text(element, at: "\(path)[\(index)]") else { continue }
            // RFC 6749, section 3.3.
            let isToken = Self.isVisible(scope) && !scope.contains { $0 == " " || $0 == "\"" || $0 == "\\" }
            if !isToken { report("\(path)[\(index)]", element, "is no scope") }
            scopes.append(scope)
        }
        // OpenID Connect Core 1.0, section 3.1.2.1: without it there is no ID token.
        if !scopes.contains("openid") { report(path, node, "must have openid among them") }
        return scopes
    }

    private mutating func addresses(_ node: Node?, at path: String) -> IdentityProvider.Addresses {
        guard let node else { return .verified }
        guard let addresses = text(node, at: path).flatMap(IdentityProvider.Addresses.init) else {
            report(path, node, "is neither verified nor trusted")
            return .verified
        }
        return addresses
    }

    private mutating func rule(_ node: Node, at path: String) -> ClaimRule? {
        guard let fields = fields(of: node, at: path, known: ["claim", "has", "organization", "may"]) else {
            return nil
        }
        let before = problems.count
        var claim: [String] = []
        if let list = fields["claim"], list.sequence != nil {
            claim = (elements(of: list, at: "\(path).claim") ?? []).compactMap { text($0, at: "\(path).claim") }
            if claim.isEmpty { report("\(path).claim", list, "is empty") }
        } else if let text = needed("claim", of: fields, node, at: path) {
            claim = [text]
        }
        let value = needed("has", of: fields, node, at: path)
        let role = fields["may"]?.scalar.flatMap { StaffMember.Role(rawValue: $0.string) }
        if role == nil {
            let roles = StaffMember.Role.allCases.map(\.rawValue).joined(separator: ", ")
            report("\(path).may", fields["may"] ?? node, "is missing or none of \(roles)")
        }
        var organization: String?
        if let node = fields["organization"] {
            organization = text(node, at: "\(path).organization")
            if role == .operate { report("\(path).organization", node, "operators belong to none") }
            if let organization, StaffMember.text(organization) != organization {
                report("\(path).organization", node, "must be 1 to 128 printable characters")
            }
        } else if let role, role != .operate {
            report("\(path).organization", node, "is missing")
        }
        guard problems.count == before, let value, let role else { return nil }
        return ClaimRule(claim: claim, value: value, organization: organization, role: role)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// RFC 6749, appendix A: VSCHAR.
    private static func isVisible(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.isBlank
    }
}
