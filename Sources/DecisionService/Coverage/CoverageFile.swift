import Crypto
import ServiceRuntime
import Yams

/// Reads `coverage.yaml`:
///
/// ```yaml
/// version: 2026-01                  # optional label, shown in every decision
/// organizations:
///   relief:                         # the id that providers.yaml gives to its partners' organisation
///     name: Example Relief          # optional
///     covers:                       # at least one of
///       zips: ["77002"]             # five digits
///       zip_prefixes: ["770"]       # one to four digits
///       counties: ["48201", "Harris County, TX"]   # FIPS code, or the full name and the state
///       states: [TX]                # USPS codes
///       region_codes: [TXGULF]      # as the partner sends them in providerData; case does not matter
/// ```
///
/// Strict: what it does not know, or what can match nothing, is an error, and all errors are told at once.
enum CoverageFile {
    /// - Throws: `FileProblems`: each problem with its YAML path and line.
    static func parse(_ bytes: [UInt8]) throws(FileProblems) -> Coverage {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileProblems(["the file is not UTF-8"]) }
        var problems = CoverageProblems()
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw FileProblems(["the file is not YAML: \(YAMLProblem.describe(error))"])
        }
        var organizations: [String: OrganizationCoverage] = [:]
        var label: String?
        if let root, let mapping = YAMLMapping(root, path: "", known: ["version", "organizations"], &problems) {
            label = mapping["version"].flatMap { Self.label($0, &problems) }
            organizations = Self.organizations(mapping["organizations"], &problems)
        } else if root == nil {
            problems.add(path: "organizations", line: nil, "is missing: the file is empty")
        }
        guard problems.list.isEmpty else { throw FileProblems(problems.list) }
        let hash = SHA256.hash(data: bytes).prefix(6).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return Coverage(version: label.map { "\($0)@\(hash)" } ?? hash, organizations: organizations)
    }

    private static func label(_ node: Node, _ problems: inout CoverageProblems) -> String? {
        let isAllowed = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        }
        guard let label = node.scalar?.string, (1...64).contains(label.count), label.allSatisfy(isAllowed) else {
            problems.add(path: "version", line: node.line, "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -")
            return nil
        }
        return label
    }

    private static func organizations(
        _ node: Node?, _ problems: inout CoverageProblems
    ) -> [String: OrganizationCoverage] {
        guard let node else {
            problems.add(path: "organizations", line: nil, "is missing")
            return [:]
        }
        guard let mapping = YAMLMapping(node, path: "organizations", known: nil, &problems) else { return [:] }
        if mapping.entries.isEmpty {
            problems.add(path: "organizations", line: node.line, "is empty")
        }
        var result: [String: OrganizationCoverage] = [:]
        for (id, value) in mapping.entries {
            result[id] = organization(value, path: "organizations.\(CoverageProblems.shown(id))", &problems)
        }
        return result
    }

    private static func organization(
        _ node: Node, path: String, _ problems: inout CoverageProblems
    ) -> OrganizationCoverage? {
        guard let mapping = YAMLMapping(node, path: path, known: ["name", "covers"], &problems) else { return nil }
        var name: String?
        if let node = mapping["name"] {
            name = node.scalar?.string
            if name?.isEmpty != false {
                problems.add(path: "\(path).name", line: node.line, "must be a text that is not empty")
            }
        }
        guard let covers = mapping["covers"] else {
            problems.add(path: "\(path).covers", line: node.line, "is missing")
            return nil
        }
        var compiler = CoverageCompiler(path: "\(path).covers")
        compiler.read(covers, &problems)
        compiler.result.name = name
        return compiler.result
    }
}
