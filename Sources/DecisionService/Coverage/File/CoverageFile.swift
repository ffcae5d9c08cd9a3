import Places
import ServiceRuntime
import Yams

/// Reads `coverage.yaml`:
///
/// ```yaml
/// version: 2026-01                  # optional label, shown in every decision
/// organizations:
///   relief:                         # the id that providers.yaml gives to its partners' organisation
///     name: Example Relief          # optional
///     time_zone: America/Chicago    # of the dates below; UTC unless given
///     covers:                       # one block, or a list of blocks
///       - name: Houston             # optional
///         valid_from: 2026-01-01    # optional; both days are included
///         valid_until: 2026-12-31
///         capacity_note: Two teams  # optional; goes with each yes from this block
///         zips: ["77002"]           # at least one of these kinds: five digits
///         zips_file: houston.csv    # a CSV file's only column, or the one named zip
///         zip_ranges: [77001-77099] # both included
///         zip_prefixes: ["770"]     # one to four digits
///         counties: ["48201", "Harris County, TX"]   # FIPS code, or the full name and the state
///         states: [TX]              # USPS codes
///         region_codes: [TXGULF]    # as the partner sends them in providerData; case does not matter
///         polygons: [area.geojson]  # or {file: …, name: …, id_property: …}
///         radius: [{lat: 29.76, lon: -95.37, km: 25, name: Houston base}]
///     exclude:                      # optional, like `covers` without notes; beats it
///       zips: ["77003"]
///     review:                       # optional: a person decides
///       when: [place_conflict, location_too_coarse]
///       deadline: 48h               # from the request's acceptance
///       fallback: decline           # or accept: the answer when nobody has decided until then
/// ```
///
/// Strict: what it does not know, or what can match nothing, is an error, and all errors are told at once.
enum CoverageFile {
    /// - Parameters:
    ///   - counties: those that there are; without them no county can be named.
    ///   - files: the content of a file that coverage.yaml names, by the name that it has there; `nil` when it cannot
    ///     be read.
    /// - Throws: `FileProblems`: each problem with its YAML path and line, and those of another file with its line,
    ///   too.
    static func parse(
        _ bytes: [UInt8], counties: CountyDirectory? = .shipped,
        files: @escaping (_ name: String) -> [UInt8]? = { _ in nil }
    ) throws(FileProblems) -> Coverage {
        var sources = CoverageSources(counties: counties, read: files)
        let root = try YAMLTree.root(of: bytes)
        var organizations: [String: OrganizationCoverage] = [:]
        var label: String?
        if let root, let mapping = sources.problems.fields(of: root, at: "", known: ["version", "organizations"]) {
            label = mapping["version"].flatMap { Self.label($0, &sources.problems) }
            organizations = Self.organizations(mapping["organizations"], &sources)
        } else if root == nil {
            sources.problems.problems.append("organizations: is missing: the file is empty")
        }
        guard sources.problems.problems.isEmpty else { throw FileProblems(sources.problems.problems) }
        let digest = sources.digest(of: bytes)
        return Coverage(
            version: label.map { "\($0)@\(digest)" } ?? digest, organizations: organizations,
            warnings: sources.problems.warnings)
    }

    private static func label(_ node: Node, _ problems: inout CoverageProblems) -> String? {
        let isAllowed = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        }
        guard let label = YAMLTree.text(node), (1...64).contains(label.count), label.allSatisfy(isAllowed) else {
            problems.report("version", node, "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -")
            return nil
        }
        return label
    }

    private static func organizations(
        _ node: Node?, _ sources: inout CoverageSources
    ) -> [String: OrganizationCoverage] {
        guard let node else {
            sources.problems.problems.append("organizations: is missing")
            return [:]
        }
        guard let entries = sources.problems.entries(of: node, at: "organizations") else { return [:] }
        if entries.isEmpty { sources.problems.report("organizations", node, "is empty") }
        var result: [String: OrganizationCoverage] = [:]
        for (id, value) in entries {
            let reader = OrganizationReader(path: "organizations.\(CoverageProblems.shown(id))")
            result[id] = reader.read(value, &sources)
        }
        return result
    }
}
