import Contracts
import ServiceRuntime
import Yams

/// Reads the rules of one block, and collects what is wrong with them.
struct BlockReader {
    /// The keys under which rules stand.
    static let kinds = [
        "zips", "zips_file", "zip_ranges", "zip_prefixes", "counties", "states", "region_codes", "polygons", "radius",
    ]

    /// Where the block is.
    let path: String
    var rules: CoverageRules

    init(path: String, rules: CoverageRules) {
        self.path = path
        self.rules = rules
    }

    mutating func read(_ mapping: [String: Node], _ sources: inout CoverageSources) {
        let texts: [(key: String, add: (inout BlockReader, String) -> String?)] = [
            ("region_codes", { $0.addRegion($1) }),
            ("zips", { $0.addZIP($1) }),
            ("zip_ranges", { $0.addRange($1) }),
            ("zip_prefixes", { $0.addPrefix($1) }),
            ("states", { $0.addState($1) }),
        ]
        for (key, add) in texts {
            guard let list = mapping[key] else { continue }
            for (place, item) in items(of: list, "\(path).\(key)", &sources.problems) {
                let problem = YAMLTree.text(item).map { add(&self, $0) } ?? "must be a text"
                if let problem { sources.problems.report(place, item, problem) }
            }
        }
        if let list = mapping["counties"] {
            for (place, item) in items(of: list, "\(path).counties", &sources.problems) {
                let problem = YAMLTree.text(item).map { addCounty($0, at: place, item, &sources) } ?? "must be a text"
                if let problem { sources.problems.report(place, item, problem) }
            }
        }
        if let node = mapping["zips_file"] { addZIPs(fileAt: node, &sources) }
        if let node = mapping["polygons"] { addPolygons(node, &sources) }
        if let node = mapping["radius"] { addCircles(node, &sources) }
    }

    /// The items of a list that must not be empty, each with its path.
    func items(
        of list: Node, _ path: String, _ problems: inout CoverageProblems
    ) -> [(path: String, item: Node)] {
        guard let items = list.sequence else {
            problems.report(path, list, "must be a list")
            return []
        }
        if items.isEmpty { problems.report(path, list, "is empty: leave the key out") }
        return items.enumerated().map { ("\(path)[\($0)]", $1) }
    }

    // Each of these adds one rule, or returns what is wrong with it.

    private mutating func addRegion(_ value: String) -> String? {
        let code = RegionCode(value)
        guard !code.isEmpty, value.count <= 64 else { return "must be a code of 1 to 64 characters" }
        return CoverageRules.add(rules.match(.region(value)), under: code, to: &rules.index.regions)
    }

    private mutating func addState(_ value: String) -> String? {
        guard USState.isCode(value) else {
            return "\(CoverageProblems.quoted(value)) is no USPS state code, two capital letters such as TX"
        }
        return CoverageRules.add(rules.match(.state(value)), under: value, to: &rules.index.states)
    }

    static func isDigits(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
