import ServiceRuntime
import Yams

/// A service over HTTP: where it is, who asks, how often.
extension GeocoderFileReader {
    /// What an entry may have that others may not, in the file's words.
    enum Allowance: String, CaseIterable {
        /// Connections without TLS.
        case http
        /// A Nominatim of one's own, which nobody else is kept from.
        case ownServer = "own-server"
    }

    mutating func allowances(_ node: Node?, _ kind: GeocoderEntry.Kind, at path: String) -> Set<Allowance> {
        guard let node else { return [] }
        let known = kind == .nominatim ? Allowance.allCases : [.http]
        var allowances: Set<Allowance> = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let text = text(element, at: "\(path)[\(index)]") else { continue }
            guard let allowance = Allowance(rawValue: text), known.contains(allowance) else {
                report("\(path)[\(index)]", element, "must be \(known.map(\.rawValue).joined(separator: " or "))")
                continue
            }
            allowances.insert(allowance)
        }
        return allowances
    }

    mutating func service(
        _ entry: inout GeocoderEntry, _ keys: [String: Node], of parent: Node, _ allowances: Set<Allowance>,
        at path: String
    ) {
        let url = url(&entry, keys["url"], of: parent, allowances, at: "\(path).url")
        entry.contact = contact(
            keys["contact"], of: parent, isRequired: entry.kind == .nominatim, at: "\(path).contact")
        entry.key = key(keys, of: parent, isRequired: entry.kind == .google, at: path)
        if let text = line(keys["benchmark"], at: "\(path).benchmark") { entry.benchmark = text }
        if let text = line(keys["vintage"], at: "\(path).vintage") { entry.vintage = text == "none" ? nil : text }
        if let timeout = time(
            keys["timeout"], in: .milliseconds(100) ... .seconds(60), "100ms to 60s", at: "\(path).timeout")
        {
            entry.timeout = timeout
        }
        if let count = count(keys["concurrency"], in: 1...GeocoderHTTP.connectionsPerHost, at: "\(path).concurrency") {
            entry.concurrency = count
        }
        if let rate = rate(keys["rate"], at: "\(path).rate") { entry.rate = rate }
        if let isShared = flag(keys["shared_rate"], at: "\(path).shared_rate") { entry.isRateShared = isShared }
        if entry.isRateShared, entry.rate == nil, let node = keys["shared_rate"] {
            report("\(path).shared_rate", node, "needs a rate")
        }
        cache(&entry, keys["cache"], at: "\(path).cache")
        if entry.kind == .nominatim { checkPolicy(entry, keys, url, allowances, at: path) }
    }

    /// What the usage policy of Nominatim's public server asks for.
    private mutating func checkPolicy(
        _ entry: GeocoderEntry, _ keys: [String: Node], _ url: GeocoderURL?, _ allowances: Set<Allowance>,
        at path: String
    ) {
        if allowances.contains(.ownServer) {
            let host = url?.host ?? ""
            if host == GeocoderEntry.publicNominatim || host.hasSuffix(".\(GeocoderEntry.publicNominatim)"),
                let node = keys["allow"]
            {
                report("\(path).allow", node, "has own-server, and the url leads to the public one")
            }
            return
        }
        let way = "; a server of one's own needs allow: [own-server]"
        if let node = keys["rate"], let rate = entry.rate, rate > GeocoderEntry.highestRateOfNominatim {
            report("\(path).rate", node, "is more than 1/s, which is what Nominatim lets anyone ask\(way)")
        }
        if let node = keys["shared_rate"], !entry.isRateShared {
            report("\(path).shared_rate", node, "must be true: Nominatim's limit is for all replicas together\(way)")
        }
        if let node = keys["cache"], entry.keepsAnswers == .zero || entry.keepsNonAnswers == .zero {
            report("\(path).cache", node, "must keep both: Nominatim must not be asked the same twice\(way)")
        }
    }

    private mutating func url(
        _ entry: inout GeocoderEntry, _ node: Node?, of parent: Node, _ allowances: Set<Allowance>, at path: String
    ) -> GeocoderURL? {
        if let node {
            guard let text = text(node, at: path) else { return nil }
            entry.location = text
        } else if entry.location.isEmpty {
            report(path, parent, "is missing")
            return nil
        }
        do throws(GeocoderURL.Problem) {
            let url = try GeocoderURL(entry.location)
            if !url.isSecure, !allowances.contains(.http) {
                report(path, node ?? parent, "is not https: addresses without TLS need allow: [http]")
            }
            return url
        } catch {
            report(path, node ?? parent, error.description)
            return nil
        }
    }

    /// It stands in a comment of a header (RFC 9110, section 10.1.5), which parentheses and backslashes would end.
    private mutating func contact(_ node: Node?, of parent: Node, isRequired: Bool, at path: String) -> String? {
        guard let node else {
            if isRequired { report(path, parent, "is missing: Nominatim asks for a mailbox or a web address") }
            return nil
        }
        guard let text = text(node, at: path) else { return nil }
        guard text.utf8.count <= 200, text.contains("@") || text.contains("://"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"()\\".utf8.contains($0) })
        else {
            report(path, node, "must be a mailbox or a web address, in ASCII without blanks and parentheses")
            return nil
        }
        return text
    }

    /// The key that an entry holds, or that is where the entry says.
    private mutating func key(
        _ keys: [String: Node], of parent: Node, isRequired: Bool, at path: String
    ) -> Secret? {
        let before = problems.count
        guard let (name, node) = onlyOne("key", of: keys, parent, at: path) else {
            if isRequired, problems.count == before {
                report(path, parent, "has no key: one of key, key_file and key_env must be given")
            }
            return nil
        }
        let path = "\(path).\(name)"
        guard let value = secretLine(name, node, at: path) else { return nil }
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            report(path, node, "gives no key: printable ASCII without blanks")
            return nil
        }
        return Secret(value)
    }
}
