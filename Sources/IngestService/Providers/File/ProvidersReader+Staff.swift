import ServiceRuntime
import Yams

/// Who may look at an organisation's requests, by token.
extension ProvidersReader {
    mutating func readStaff(_ node: Node) {
        for (organization, node) in entries(of: node, at: "organizations") ?? [] {
            let path = "organizations.\(Self.shown(organization))"
            guard (1...128).contains(organization.count) else {
                report(path, node, "is no name of an organisation: 1 to 128 characters")
                continue
            }
            guard let fields = fields(of: node, at: path, known: ["tokens"]) else { continue }
            for (path, token) in tokens(fields, of: node, at: path) { readToken(token, of: organization, at: path) }
        }
    }

    private mutating func readToken(_ node: Node, of organization: String, at path: String) {
        guard let fields = fields(of: node, at: path, known: ["sha256", "may"]) else { return }
        let hash = hash(fields, of: node, at: path)
        let may = fields["may"]?.scalar.flatMap { Staff.Permission(rawValue: $0.string) }
        if may == nil { report("\(path).may", fields["may"] ?? node, "is missing or neither read nor write") }
        guard let hash, let may else { return }
        if let provider = byToken[hash] { return report(path, node, "is also a token of providers.\(provider.id)") }
        let staff = Staff(organization: organization, may: may)
        if let other = staffByToken[hash], other != staff {
            return report(
                path, node, "is also a token of organizations.\(other.organization) that may \(other.may.rawValue)")
        }
        staffByToken[hash] = staff
    }
}
