/// What one organisation covers, indexed: a decision is a few hash look-ups, however many rules there are.
///
/// Each rule is kept under its key with the text that the decision names.
struct OrganizationCoverage: Sendable, Equatable {
    /// What people call the organisation; for logs.
    var name: String?
    var regions: [RegionCode: CoverageRule] = [:]
    /// By five digits.
    var zips: [String: CoverageRule] = [:]
    /// By FIPS code.
    var countyFIPS: [String: CoverageRule] = [:]
    /// By USPS code, then by name.
    var countyNames: [String: [CountyName: CoverageRule]] = [:]
    /// By one to four digits.
    var zipPrefixes: [String: CoverageRule] = [:]
    /// By USPS code.
    var states: [String: CoverageRule] = [:]
    /// USPS codes of the states that county rules name: where an unknown county leaves the answer open.
    var statesOfCounties: Set<String> = []

    /// The most specific rule that covers the place: the partner's region code, the ZIP, the county, the longest ZIP
    /// prefix, the state.
    func rule(for place: PlaceToDecide) -> CoverageRule? {
        region(place.regionCode) ?? zips[place.zip] ?? county(place) ?? prefix(of: place.zip)
            ?? place.state.flatMap { states[$0] }
    }

    private func region(_ code: String?) -> CoverageRule? {
        guard let code, !regions.isEmpty else { return nil }
        return regions[RegionCode(code)]
    }

    private func county(_ place: PlaceToDecide) -> CoverageRule? {
        if let fips = place.countyFIPS, let rule = countyFIPS[fips] { return rule }
        guard let county = place.county, let names = place.state.flatMap({ countyNames[$0] }) else { return nil }
        return names[CountyName(county)]
    }

    private func prefix(of zip: String) -> CoverageRule? {
        guard !zipPrefixes.isEmpty else { return nil }
        for length in stride(from: min(4, zip.utf8.count), through: 1, by: -1) {
            if let rule = zipPrefixes[String(zip.prefix(length))] { return rule }
        }
        return nil
    }
}
