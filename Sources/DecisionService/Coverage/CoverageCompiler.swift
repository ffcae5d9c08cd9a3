import Yams

/// Compiles the `covers` of one organisation into its index, and collects what is wrong with it.
struct CoverageCompiler {
    /// Where the `covers` is.
    let path: String
    var result = OrganizationCoverage()

    init(path: String) { self.path = path }

    mutating func read(_ node: Node, _ problems: inout CoverageProblems) {
        let kinds: [(key: String, add: (inout CoverageCompiler, String) -> String?)] = [
            ("region_codes", { $0.addRegion($1) }),
            ("zips", { $0.addZIP($1) }),
            ("counties", { $0.addCounty($1) }),
            ("zip_prefixes", { $0.addPrefix($1) }),
            ("states", { $0.addState($1) }),
        ]
        guard let mapping = YAMLMapping(node, path: path, known: kinds.map(\.key), &problems) else { return }
        if node.mapping?.isEmpty == true {
            problems.add(path: path, line: node.line, "is empty: the organisation would cover nothing")
        }
        for (key, add) in kinds {
            guard let list = mapping[key] else { continue }
            guard let items = list.sequence else {
                problems.add(path: "\(path).\(key)", line: list.line, "must be a list")
                continue
            }
            if items.isEmpty {
                problems.add(path: "\(path).\(key)", line: list.line, "is empty: leave the key out")
            }
            for (index, item) in items.enumerated() {
                let problem = item.scalar.map { add(&self, $0.string) } ?? "must be a text"
                if let problem { problems.add(path: "\(path).\(key)[\(index)]", line: item.line, problem) }
            }
        }
    }

    // Each of these adds one rule, or returns what is wrong with it.

    private mutating func addRegion(_ value: String) -> String? {
        let code = RegionCode(value)
        guard !code.isEmpty, value.count <= 64 else { return "must be a code of 1 to 64 characters" }
        return Self.add(.region(value), under: code, to: &result.regions)
    }

    private mutating func addZIP(_ value: String) -> String? {
        guard value.utf8.count == 5, Self.isDigits(value) else {
            return "\(Self.quoted(value)) is not a five-digit ZIP"
        }
        return Self.add(.zip(value), under: value, to: &result.zips)
    }

    private mutating func addPrefix(_ value: String) -> String? {
        guard (1...4).contains(value.utf8.count), Self.isDigits(value) else {
            return "\(Self.quoted(value)) is not the first one to four digits of a ZIP"
        }
        return Self.add(.zipPrefix(value), under: value, to: &result.zipPrefixes)
    }

    private mutating func addState(_ value: String) -> String? {
        guard USState.isCode(value) else {
            return "\(Self.quoted(value)) is not a USPS state code of two capital letters"
        }
        return Self.add(.state(value), under: value, to: &result.states)
    }

    private mutating func addCounty(_ value: String) -> String? {
        Self.isDigits(value) ? addCounty(fips: value) : addCounty(name: value)
    }

    private mutating func addCounty(fips: String) -> String? {
        guard fips.utf8.count == 5, let number = Int(fips), number % 1000 != 0,
            let state = USState.code(fips: number / 1000)
        else { return "\(Self.quoted(fips)) is not the five-digit FIPS code of a county" }
        guard !(9_110...9_190).contains(number) else { return Self.planningRegion }
        result.statesOfCounties.insert(state)
        return Self.add(.county(fips), under: fips, to: &result.countyFIPS)
    }

    private mutating func addCounty(name: String) -> String? {
        let parts = name.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let state = parts.last.map({ String($0.drop { $0 == " " }) }),
            USState.fips[state] != nil
        else { return "\(Self.quoted(name)) is neither a FIPS code nor a name and a state as in `Harris County, TX`" }
        let county = CountyName(String(parts[0]))
        guard !county.isPlanningRegion else { return Self.planningRegion }
        guard county.isFull(in: state) else {
            return "\(Self.quoted(name)) is not a full name: say what it is, as in `Harris County, TX`,"
                + " `Orleans Parish, LA`, `Baltimore city, MD`"
        }
        result.statesOfCounties.insert(state)
        return Self.add(.county(name), under: county, to: &result.countyNames[state, default: [:]])
    }

    private static let planningRegion =
        "is a planning region of Connecticut, which locations do not carry: use the counties, 09001 to 09015"

    private static func add<Key: Hashable>(
        _ rule: CoverageRule, under key: Key, to rules: inout [Key: CoverageRule]
    ) -> String? {
        guard rules.updateValue(rule, forKey: key) == nil else {
            return "\(quoted(rule.description)) stands here twice"
        }
        return nil
    }

    private static func isDigits(_ text: String) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func quoted(_ value: String) -> String { "`\(CoverageProblems.shown(value))`" }
}
