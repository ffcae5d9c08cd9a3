import Contracts
import ServiceRuntime

extension BlockReader {
    /// Adds a rule for a county by its FIPS code, or by its name and state.
    /// - Returns: what is wrong with it.
    mutating func addCounty(_ value: String) -> String? {
        Self.isDigits(value) ? addCounty(fips: value) : addCounty(name: value)
    }

    private mutating func addCounty(fips: String) -> String? {
        guard fips.utf8.count == 5, let number = Int(fips), number % 1000 != 0,
            let state = USState.code(fips: number / 1000)
        else { return "\(CoverageProblems.quoted(fips)) is not the five-digit FIPS code of a county" }
        guard !(9_110...9_190).contains(number) else { return Self.planningRegion }
        rules.note(countyOf: state, .county(fips))
        return CoverageRules.add(rules.match(.county(fips)), under: fips, to: &rules.index.countyFIPS)
    }

    private mutating func addCounty(name: String) -> String? {
        let quoted = CoverageProblems.quoted(name)
        let parts = name.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let state = parts.last.map({ String($0.drop { $0 == " " }) }),
            USState.hasCounties(state)
        else { return "\(quoted) is neither a FIPS code nor a name and a state as in `Harris County, TX`" }
        let county = CountyName(String(parts[0]))
        guard !county.isPlanningRegion else { return Self.planningRegion }
        guard county.isFull(in: state) else {
            return "\(quoted) is not a full name: say what it is, as in `Harris County, TX`, `Orleans Parish, LA`,"
                + " `Baltimore city, MD`"
        }
        rules.note(countyOf: state, .county(name))
        return CoverageRules.add(
            rules.match(.county(name)), under: county, to: &rules.index.countyNames[state, default: [:]])
    }

    private static let planningRegion =
        "is a planning region of Connecticut, which locations do not carry: use the counties, 09001 to 09015"
}
