import ServiceRuntime
import Yams

/// Walks the YAML tree of `geocoders.yaml` and collects what is wrong with it.
struct GeocoderFileReader: SecretReading {
    let secrets: SecretSources
    var problems: [String] = []

    init(secrets: SecretSources) { self.secrets = secrets }

    mutating func read(_ bytes: [UInt8]) throws(FileProblems) -> GeocoderFile {
        var file = GeocoderFile()
        // A file of comments alone is one without geocoders.
        if let root = try YAMLTree.root(of: bytes),
            let top = fields(of: root, at: "", known: ["patience", "geocoders"])
        {
            if let patience = time(top["patience"], in: .zero ... .days(1), "0s to 1d", at: "patience") {
                file.patience = patience
            }
            if let list = top["geocoders"], !YAMLTree.isNull(list) { file.entries = entries(list) }
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        return file
    }

    private mutating func entries(_ node: Node) -> [GeocoderEntry] {
        var entries: [GeocoderEntry] = []
        var names: Set<String> = []
        for (index, element) in (elements(of: node, at: "geocoders") ?? []).enumerated() {
            let path = "geocoders[\(index)]"
            guard let entry = entry(element, at: path) else { continue }
            if names.insert(entry.name).inserted {
                entries.append(entry)
            } else {
                report("\(path).name", element, "is given twice")
            }
        }
        return entries
    }

    /// Keys that every service over HTTP may have.
    private static let ofServices = [
        "name", "kind", "url", "contact", "rate", "shared_rate", "concurrency", "timeout", "cache", "attribution",
        "allow",
    ]
    private static let ofKeys = ["key", "key_file", "key_env"]

    private static func known(_ kind: GeocoderEntry.Kind) -> [String] {
        switch kind {
        case .addresses: ["name", "kind", "file", "attribution"]
        case .census: ofServices + ["benchmark", "vintage"]
        case .nominatim: ofServices
        case .pelias, .google: ofServices + ofKeys
        }
    }

    private mutating func entry(_ node: Node, at path: String) -> GeocoderEntry? {
        let before = problems.count
        // Which keys may stand here depends on the kind: what belongs to none is found below.
        let kind = kind(of: node, at: path)
        guard let kind, let keys = fields(of: node, at: path, known: Self.known(kind)) else { return nil }
        let name = name(keys["name"], of: node, at: path)
        var entry = GeocoderEntry(defaultsOf: kind, name: name ?? "")
        entry.attribution = line(keys["attribution"], at: "\(path).attribution") ?? entry.attribution
        if kind == .addresses {
            entry.location = required("file", keys, of: node, at: path) ?? ""
        } else {
            let allowances = allowances(keys["allow"], kind, at: "\(path).allow")
            service(&entry, keys, of: node, allowances, at: path)
        }
        return problems.count == before ? entry : nil
    }

    private mutating func kind(of node: Node, at path: String) -> GeocoderEntry.Kind? {
        guard let mapping = node.mapping else {
            report(path, node, "must be a mapping of names to values")
            return nil
        }
        guard let value = mapping["kind"] else {
            report("\(path).kind", node, "is missing")
            return nil
        }
        guard let kind = value.scalar.flatMap({ GeocoderEntry.Kind(rawValue: $0.string) }) else {
            let known = GeocoderEntry.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            report("\(path).kind", value, "is none of \(known)")
            return nil
        }
        return kind
    }

    private mutating func name(_ node: Node?, of parent: Node, at path: String) -> String? {
        let path = "\(path).name"
        guard let node else {
            report(path, parent, "is missing")
            return nil
        }
        guard let text = text(node, at: path) else { return nil }
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isAllowed, text.utf8.count <= 40 else {
            report(path, node, "must be 1 to 40 of the characters a-z 0-9 -")
            return nil
        }
        guard text != "gazetteer" else {
            report(path, node, "is the name of what is built in")
            return nil
        }
        return text
    }
}
