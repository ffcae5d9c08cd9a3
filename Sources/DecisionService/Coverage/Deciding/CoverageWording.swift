import Contracts

/// Puts a finding into words that staff can say on the telephone. Of the place they name ZIP, county and state alone.
struct CoverageWording: Sendable {
    var organization: String
    var place: PlaceToDecide

    func explanation(of finding: CoverageFinding) -> String {
        var text =
            switch (finding.reason, finding.match) {
            case (.noCoverageDefined, _): "\(organization) covered no place on the day of the request."
            case (.locationUnknown, _): "Whether \(organization) covers the place cannot be said."
            case (.excluded, let match?): sentence(match.rule, "does not serve", finding.doubt)
            case (_, let match?): sentence(match.rule, "covers", finding.doubt)
            case (_, nil): notCovered
            }
        if let doubt = finding.doubt { text += " " + self.doubt(doubt) }
        if let near = finding.nearest {
            text += " The nearest area, \(Self.name(near.rule)), begins about \(Self.kilometres(near.kilometres)) away."
        }
        if place.isDisputed { text += " The ZIP contradicts the city or the state that was named." }
        return text
    }

    /// What would settle a doubt.
    func needed(_ doubt: CoverageDoubt) -> String {
        switch doubt {
        case .county(let state?): "a known county: the answer depends on the county in \(state)"
        case .county(nil): "a known state and county: the answer depends on the county"
        case .counties(let counties): "\(betterCounty): ZIP \(place.zip) lies in \(Self.list(counties))"
        case .edge(let near):
            "\(betterPlace): \(point) is \(Self.kilometres(near.kilometres)) from the edge of \(near.rule)"
                + " and may be off by \(Self.kilometres(uncertainty))"
        case .coarse(let rule) where place.location == nil:
            "a place that can be found: the answer depends on where it is in relation to \(rule)"
        case .coarse(let rule): "\(betterPlace): \(point) is too coarse to hold against \(rule)"
        case .nowhere: "a ZIP that is known, or a place that can be found"
        }
    }

    private func doubt(_ doubt: CoverageDoubt) -> String {
        switch doubt {
        case .county(let state?): "The county is not known, and the answer depends on it in \(state)."
        case .county(nil): "Neither the state nor the county is known."
        case .counties(let counties):
            "That is not sure: ZIP \(place.zip) lies in \(Self.list(counties)), and the answer depends on which it is."
        case .edge(let near):
            "That is not sure: \(point) is \(Self.kilometres(near.kilometres)) from the edge of \(Self.name(near.rule))"
                + ", and the address may lie up to \(Self.kilometres(uncertainty)) from there."
        case .coarse(let rule) where place.location == nil:
            "No location was found, and the answer depends on \(Self.name(rule))."
        case .coarse(let rule): "Only \(point) is known, which is too coarse for \(Self.name(rule))."
        case .nowhere: "No location was found for ZIP \(place.zip)."
        }
    }

    private func sentence(_ rule: CoverageRule, _ verb: String, _ doubt: CoverageDoubt?) -> String {
        switch rule {
        case .county where doubt?.isOfCounties == true:
            "Most people of ZIP \(place.zip) live in a county that \(organization) \(verb)."
        case .region(let code): "\(organization) \(verb) the region \(code), which the partner has named."
        case .zip(let zip): "\(organization) \(verb) ZIP \(zip)."
        case .zipRange(let first, let last):
            "\(organization) \(verb) the ZIPs from \(first) to \(last), and \(place.zip) is one of them."
        case .zipPrefix(let digits):
            "\(organization) \(verb) the ZIPs that begin with \(digits), and \(place.zip) is one of them."
        case .county(let name): "\(organization) \(verb) \(self.county(name))."
        case .state(let code): "\(organization) \(verb) all of \(code)."
        case .polygon, .radius: "\(Self.capitalized(point)) lies in \(Self.name(rule)), which \(organization) \(verb)."
        }
    }

    private var notCovered: String {
        guard let county else { return "\(organization) does not cover ZIP \(place.zip)." }
        return "\(organization) covers neither ZIP \(place.zip) nor \(county)."
    }

    /// The county that a rule names, by its code or by its name.
    private func county(_ rule: String) -> String {
        let all = place.counties.joined()
        if let named = all.first(where: { $0.fips == rule && !$0.name.isEmpty }) {
            return place.state.map { "\(named.name), \($0)" } ?? named.name
        }
        return all.count > 1 ? rule : county ?? rule
    }

    private var county: String? {
        place.county.map { county in place.state.map { "\(county), \($0)" } ?? county }
    }

    /// What the location is the middle of.
    private var point: String {
        switch place.location?.precision {
        case .rooftop?, .interpolated?: "the address"
        case .street?: "the street"
        case .zip?: "the middle of ZIP \(place.zip)"
        case .city?: "the middle of the city"
        default: "the wider surroundings"
        }
    }

    private var betterPlace: String {
        switch place.location?.precision {
        case .rooftop?, .interpolated?: "a more exact location"
        default: "a street address that can be found"
        }
    }

    /// Who has found the street knows the point, and may not have said the county.
    private var betterCounty: String {
        switch place.location?.precision {
        case .rooftop?, .interpolated?, .street?: "a geocoder that names the county"
        default: "a street address that can be found"
        }
    }

    private var uncertainty: Double { place.location.map { LocationCertainty($0).kilometres } ?? 0 }

    /// An area as people would call it.
    private static func name(_ rule: CoverageRule) -> String {
        switch rule {
        case .polygon(let name): "the area \(name)"
        case .radius(let name, let distance): "the \(kilometres(distance)) around \(name)"
        case .region, .zip, .county, .zipRange, .zipPrefix, .state: rule.description
        }
    }

    /// E.g. `0.4 km`, `3 km`, `120 km`: no more digits than are known.
    private static func kilometres(_ value: Double) -> String {
        guard value < 10, value != value.rounded() else { return "\(Int(clamping: value.rounded())) km" }
        let tenths = (value * 10).rounded() / 10
        if tenths == 0 { return "less than 0.1 km" }
        return tenths == tenths.rounded() ? "\(Int(clamping: tenths)) km" : "\(tenths) km"
    }

    /// E.g. `Dinwiddie County (about 50 %), Petersburg city (30 %) and Chesterfield County (20 %)`.
    private static func list(_ counties: [CountyShare]) -> String {
        var parts = counties.enumerated().map { index, county in
            let percent = min(100, max(0, Int(clamping: (county.share * 100).rounded())))
            return "\(county.name) (\(index == 0 ? "about " : "")\(percent) %)"
        }
        guard let last = parts.popLast(), !parts.isEmpty else { return counties.first?.name ?? "" }
        return parts.joined(separator: ", ") + " and " + last
    }

    private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
