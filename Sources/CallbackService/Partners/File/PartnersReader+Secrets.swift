import ServiceRuntime
import Yams

/// What a partner is convinced by: authorization, headers of its own, signatures.
extension PartnersReader {
    mutating func authorization(_ keys: [String: Node], of parent: Node, at path: String) -> Secret? {
        guard let (name, node) = onlyOne("authorization", of: keys, parent, at: path) else { return nil }
        let path = "\(path).\(name)"
        guard let value = secretLine(name, node, at: path) else { return nil }
        guard !value.isEmpty else {
            report(path, node, "gives an empty value")
            return nil
        }
        guard Self.canBeHeader(value) else {
            report(path, node, Self.noHeader)
            return nil
        }
        return Secret(value)
    }

    mutating func headers(_ node: Node?, at path: String) -> [Partner.Header] {
        guard let node else { return [] }
        var headers: [Partner.Header] = []
        var names: Set<String> = []
        for (name, value) in entries(of: node, at: path) ?? [] {
            let path = "\(path).\(name)"
            let lower = name.lowercased()
            guard let text = text(value, at: path) else { continue }
            if !name.utf8.allSatisfy(Self.isToken) {
                report(path, value, "is not the name of a header")
            } else if Partner.reservedHeaders.contains(lower)
                || Partner.reservedHeaderPrefixes.contains(where: lower.hasPrefix)
            {
                report(path, value, "is a header that Intake or the connection itself sets")
            } else if !names.insert(lower).inserted {
                report(path, value, "is given twice")
            } else if !Self.canBeHeader(text) {
                report(path, value, Self.noHeader)
            } else {
                headers.append(Partner.Header(name: name, value: Secret(text)))
            }
        }
        return headers
    }

    mutating func signingSecrets(_ keys: [String: Node], of parent: Node, at path: String) -> [SigningSecret] {
        guard let (name, node) = onlyOne("signing_secrets", of: keys, parent, at: path) else { return [] }
        let path = "\(path).\(name)"
        var texts: [(String, Node, String)] = []
        if name == "signing_secrets" {
            for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
                if let text = text(element, at: "\(path)[\(index)]") {
                    texts.append((text, element, "\(path)[\(index)]"))
                }
            }
        } else {
            guard let value = secret(name, node, at: path) else { return [] }
            texts = value.split { $0.isNewline || $0 == "," || $0 == " " }.enumerated()
                .map { (String($1), node, "\(path)[\($0)]") }
        }
        if texts.isEmpty, node.sequence != nil || name != "signing_secrets" { report(path, node, "gives no secret") }
        var secrets: [SigningSecret] = []
        for (text, node, path) in texts {
            do throws(SigningSecret.Problem) {
                secrets.append(try SigningSecret(text))
            } catch {
                report(path, node, error.description)
            }
        }
        return secrets
    }

    private static let noHeader =
        "gives a value that cannot stand in a header: printable ASCII without spaces around it"

    /// RFC 9110, section 5.5: what a field value may hold; anything else would let it end the header.
    private static func canBeHeader(_ value: String) -> Bool {
        value.utf8.allSatisfy { (0x20...0x7E).contains($0) } && value.first != " " && value.last != " "
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
