import Contracts
import Places
import ServiceRuntime
import Yams

extension BlockReader {
    /// Adds a rule for a county by its FIPS code, or by its name and state; for the counties of today, where it ended.
    /// - Returns: what is wrong with it.
    mutating func addCounty(
        _ value: String, at path: String, _ node: Node, _ sources: inout CoverageSources
    ) -> String? {
        guard let directory = sources.counties else {
            return "cannot be looked up: the gazetteer, which lists the counties, cannot be read"
        }
        let quoted = CoverageProblems.quoted(value)
        let finding: CountyDirectory.Finding
        if Self.isDigits(value) {
            finding = directory.find(fips: value)
        } else {
            let parts = value.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 2, let state = parts.last.flatMap(Self.state) else {
                return "\(quoted) is neither a FIPS code nor a name and a state as in `Harris County, TX`"
            }
            finding = directory.find(name: String(parts[0]), state: state)
        }
        switch finding {
        case .none(let problem): return "\(quoted) \(problem)"
        case .found(let counties, let former):
            if let former {
                let now = counties.map { "\($0.name) (\($0.fips))" }.joined(separator: ", ")
                sources.problems.warn(
                    path, node,
                    "\(quoted) is \(former.name), \(former.state), which ended in \(former.endedIn): read as \(now)")
            }
            return add(.county(value), counties, former, isCode: Self.isDigits(value))
        }
    }

    /// The USPS code of a state that is written by its code or its name, in any case.
    private static func state(_ written: Substring) -> String? {
        let words = written.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let code = words.uppercased()
        return USState.hasCounties(code) ? code : USState.code(name: words)
    }

    /// A rule stands under what it was called by: the code or the name of each county, and of the one that ended, which
    /// messages of before may carry.
    ///
    /// Two counties that ended may have gone to one, and that one may stand beside them: this is no county that stands
    /// here twice.
    private mutating func add(
        _ rule: CoverageRule, _ counties: [County], _ former: FormerCounty?, isCode: Bool
    ) -> String? {
        let all = counties.map { ($0.fips, $0.name, $0.state) } + (former.map { [($0.fips, $0.name, $0.state)] } ?? [])
        if former != nil { rules.noteFormer(rule) }
        let known = rules.formerCounties
        let match = rules.match(rule)
        var problem: String?
        for (fips, name, state) in all {
            rules.note(countyOf: state, rule)
            let added =
                isCode
                ? CoverageRules.add(match, under: fips, to: &rules.index.countyFIPS, besides: known)
                : CoverageRules.add(
                    match, under: CountyName(name), to: &rules.index.countyNames[state, default: [:]], besides: known)
            // What became of a county is no word of the file; its own code is.
            if former == nil || fips == former?.fips { problem = problem ?? added }
        }
        return problem
    }
}
