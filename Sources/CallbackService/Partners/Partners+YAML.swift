import ServiceRuntime
import Yams

extension Partners {
    /// Reads `callbacks.yaml`:
    ///
    /// ```yaml
    /// providers:
    ///   portal:                                             # the id that providers.yaml gives the partner
    ///     url: https://portal.example/api/requests/{providerRequestId}
    ///     authorization: "Bearer …"                         # the whole header value; or
    ///     authorization_file: /run/secrets/portal           #   the first line of a file; or
    ///     authorization_env: PORTAL_AUTHORIZATION           #   an environment variable; or none of them
    ///     timeout: 15s                                      # 100ms to 60s, default 15s
    /// ```
    ///
    /// Keys that are not known are refused, so that a slip does not silently mean the default.
    /// - Throws: `FileProblems`: all of them, each with its path in the file and its line, none with a secret.
    static func parse(_ bytes: [UInt8], secrets: SecretSources) throws(FileProblems) -> Partners {
        var reader = PartnersReader(secrets: secrets)
        return try reader.read(bytes)
    }
}

/// Walks the YAML tree and collects what is wrong with it.
private struct PartnersReader {
    let secrets: SecretSources
    private var problems: [String] = []

    init(secrets: SecretSources) { self.secrets = secrets }

    mutating func read(_ bytes: [UInt8]) throws(FileProblems) -> Partners {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileProblems(["is not UTF-8"]) }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw FileProblems([Self.describe(error)])
        }
        var byID: [String: Partner] = [:]
        if let root {
            let top = keys(of: root, at: "", known: ["providers"])
            if let providers = top["providers"] {
                for (id, node) in entries(of: providers, at: "providers") {
                    if let partner = partner(node, at: "providers.\(id)") { byID[id] = partner }
                }
            } else {
                problems.append("providers: is missing")
            }
        } else {
            problems.append("providers: is missing")
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        return Partners(byID: byID)
    }

    private mutating func partner(_ node: Node, at path: String) -> Partner? {
        let names = ["url", "authorization", "authorization_file", "authorization_env", "timeout"]
        let before = problems.count
        let keys = keys(of: node, at: path, known: names)
        // A node that is no mapping has been named already.
        guard node.mapping != nil else { return nil }
        let url = url(keys["url"], of: node, at: path)
        let authorization = authorization(keys, of: node, at: path)
        let timeout = timeout(keys["timeout"], at: "\(path).timeout")
        guard problems.count == before, let url, let timeout else { return nil }
        return Partner(url: url, authorization: authorization, timeout: timeout)
    }

    private mutating func url(_ node: Node?, of parent: Node, at path: String) -> URLTemplate? {
        guard let node else {
            report("\(path).url", parent, "is missing")
            return nil
        }
        guard let text = text(node, at: "\(path).url") else { return nil }
        do {
            return try URLTemplate(text)
        } catch {
            report("\(path).url", node, error.description)
            return nil
        }
    }

    private mutating func authorization(_ keys: [String: Node], of parent: Node, at path: String) -> Secret? {
        let given = ["authorization", "authorization_file", "authorization_env"].filter { keys[$0] != nil }
        guard given.count <= 1 else {
            report(path, parent, "has \(given.joined(separator: " and ")): only one of them may be given")
            return nil
        }
        guard let name = given.first, let node = keys[name] else { return nil }
        let path = "\(path).\(name)"
        guard let text = text(node, at: path) else { return nil }
        let value: String
        switch name {
        case "authorization_file":
            guard let bytes = try? secrets.readFile(text) else {
                report(path, node, "the file cannot be read")
                return nil
            }
            let firstLine = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            value = String(decoding: firstLine, as: UTF8.self)
        case "authorization_env":
            guard let found = secrets.environment(text) else {
                report(path, node, "the environment variable is not set")
                return nil
            }
            value = found
        default:
            value = text
        }
        guard !value.isEmpty else {
            report(path, node, "gives an empty value")
            return nil
        }
        // RFC 9110, section 5.5: what a field value may hold; anything else would let it end the header.
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), value.first != " ", value.last != " " else {
            report(path, node, "gives a value that cannot stand in a header: printable ASCII without spaces around it")
            return nil
        }
        return Secret(value)
    }

    private mutating func timeout(_ node: Node?, at path: String) -> Duration? {
        guard let node else { return Partner.defaultTimeout }
        guard let text = text(node, at: path) else { return nil }
        guard let duration = Duration(configured: text) else {
            report(path, node, "must be a time such as 15s or 500ms")
            return nil
        }
        guard Partner.timeouts.contains(duration) else {
            report(path, node, "must be between 100ms and 60s")
            return nil
        }
        return duration
    }
}

extension PartnersReader {
    /// A mapping's values by key; reports what is not a mapping and keys that are not known.
    private mutating func keys(of node: Node, at path: String, known: [String]) -> [String: Node] {
        var found: [String: Node] = [:]
        for (key, value) in entries(of: node, at: path) {
            if known.contains(key) {
                found[key] = value
            } else {
                let name = path.isEmpty ? key : "\(path).\(key)"
                report(name, value, "is not known here; known are \(known.joined(separator: ", "))")
            }
        }
        return found
    }

    /// A mapping's pairs in the file's order; Yams has refused keys that stand there twice.
    private mutating func entries(of node: Node, at path: String) -> [(String, Node)] {
        guard let mapping = node.mapping else {
            report(path.isEmpty ? "the file" : path, node, "must be a mapping of names to values")
            return []
        }
        var found: [(String, Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                report(path.isEmpty ? "the file" : path, key, "has a key that is not a name")
                continue
            }
            found.append((name, value))
        }
        return found
    }

    private mutating func text(_ node: Node, at path: String) -> String? {
        guard let text = node.scalar?.string else {
            report(path, node, "must be text")
            return nil
        }
        guard !text.isEmpty else {
            report(path, node, "is empty")
            return nil
        }
        return text
    }

    private mutating func report(_ path: String, _ node: Node, _ problem: String) {
        problems.append(node.mark.map { "\(path) (line \($0.line)): \(problem)" } ?? "\(path): \(problem)")
    }

    /// Yams' own descriptions quote the faulty line, which may hold a secret.
    private static func describe(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            "line \(context.mark.line): \(duplicates.sorted().joined(separator: ", ")) given twice"
        default: "is not YAML"
        }
    }
}
