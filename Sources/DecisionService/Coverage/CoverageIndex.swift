import Contracts
import Foundation
import Places

/// The rules of `covers`, or of `exclude`, indexed: a decision is a few hash look-ups and two walks down a tree,
/// however many rules and blocks there are.
struct CoverageIndex: Sendable {
    /// The rules that stand under one key, in the file's order: one block may hold them this year, another the next.
    typealias Table<Key: Hashable> = [Key: [CoverageMatch]]

    var blocks: [CoverageBlock] = []
    var regions: Table<RegionCode> = [:]
    /// By five digits.
    var zips: Table<String> = [:]
    /// By FIPS code.
    var countyFIPS: Table<String> = [:]
    /// By USPS code, then by name.
    var countyNames: [String: Table<CountyName>] = [:]
    var zipRanges = ZIPRanges()
    /// By one to four digits.
    var zipPrefixes: Table<String> = [:]
    /// By USPS code.
    var states: Table<String> = [:]
    /// By the USPS codes of the states that county rules name, a rule of each block: where an unknown county leaves the
    /// answer open.
    var statesOfCounties: Table<String> = [:]
    var areas = AreaMap()

    func isInForce(at date: Date) -> Bool { blocks.contains { $0.isInForce(at: date) } }

    /// What the rules in force say of the place. The most specific is named: the partner's region code, the ZIP, the
    /// area that it surely lies in, the county, the ZIP range, the longest ZIP prefix, the state.
    func verdict(for place: PlaceToDecide, at date: Date) -> CoverageVerdict {
        // Of the index it takes along the blocks alone: all tables would be retained each time that it is handed on.
        let isUsed = { [blocks] (match: CoverageMatch) in blocks[match.block].isInForce(at: date) }
        if let match = region(place.regionCode, isUsed) ?? zips[place.zip]?.first(where: isUsed) {
            return .holds(match)
        }
        let byArea = areas.verdict(for: place, isUsed)
        if case .holds = byArea { return byArea }
        let byCounty = county(place, isUsed)
        if case .holds = byCounty { return byCounty }
        let match =
            Int(place.zip).flatMap { zipRanges.narrowest(holding: $0, isUsed) }
            ?? prefix(of: place.zip, isUsed) ?? place.state.flatMap { states[$0]?.first(where: isUsed) }
        if let match { return .holds(match) }
        switch (byArea, byCounty) {
        case (.probably, _), (.holds, _): return byArea
        case (_, .probably), (.no, .open): return byCounty
        case (.no, _): return isCountyOpen(place, isUsed) ? .open(.county(state: place.state)) : byArea
        case (.probablyNot, _), (.open, _): return byArea
        }
    }

    private func region(_ code: String?, _ isUsed: (CoverageMatch) -> Bool) -> CoverageMatch? {
        guard let code, !regions.isEmpty else { return nil }
        return regions[RegionCode(code)]?.first(where: isUsed)
    }

    /// What the county rules say of all counties that the place may lie in, and those of states where these lie in
    /// several. All of them covered is a yes; more than half of the people, a probable one; fewer leave it open, for
    /// those few are people, too.
    private func county(_ place: PlaceToDecide, _ isUsed: (CoverageMatch) -> Bool) -> CoverageVerdict {
        var best: (share: Double, match: CoverageMatch, counties: [CountyShare])?
        for counties in place.counties {
            var share = 0.0
            var first: CoverageMatch?
            var isWhole = true
            for county in counties {
                if let match = match(county, place, isUsed) {
                    first = first ?? match
                    share += county.share
                } else {
                    isWhole = false
                }
            }
            guard let first else { continue }
            if isWhole { return .holds(first) }
            if share > best?.share ?? 0 { best = (share, first, counties) }
        }
        guard let best else { return .no(nearest: nil) }
        let doubt = CoverageDoubt.counties(best.counties)
        return best.share > 0.5 ? .probably(best.match, doubt) : .open(doubt)
    }

    private func match(
        _ county: CountyShare, _ place: PlaceToDecide, _ isUsed: (CoverageMatch) -> Bool
    ) -> CoverageMatch? {
        if let match = countyFIPS[county.fips]?.first(where: isUsed) { return match }
        guard let state = place.state ?? county.state else { return nil }
        if !countyNames.isEmpty, let names = countyNames[state],
            let match = names[CountyName(county.name)]?.first(where: isUsed)
        {
            return match
        }
        // A state that is sure is asked for by itself, behind what is more specific.
        return place.state == nil ? states[state]?.first(where: isUsed) : nil
    }

    private func prefix(of zip: String, _ isUsed: (CoverageMatch) -> Bool) -> CoverageMatch? {
        guard !zipPrefixes.isEmpty else { return nil }
        for length in stride(from: min(4, zip.utf8.count), through: 1, by: -1) {
            if let match = zipPrefixes[String(zip.prefix(length))]?.first(where: isUsed) { return match }
        }
        return nil
    }

    /// Of a place without a county nothing says that it is not in one of the counties that the rules name in that
    /// state.
    private func isCountyOpen(_ place: PlaceToDecide, _ isUsed: (CoverageMatch) -> Bool) -> Bool {
        guard place.countyFIPS == nil, !statesOfCounties.isEmpty else { return false }
        guard let state = place.state else { return statesOfCounties.values.contains { $0.contains(where: isUsed) } }
        return statesOfCounties[state]?.contains(where: isUsed) == true
    }
}
