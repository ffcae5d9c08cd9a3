/// A county that a place may lie in, and how likely that is.
package struct CountyShare: Codable, Sendable, Equatable {
    /// Five-digit FIPS code.
    package var fips: String
    /// As the Census Bureau writes it.
    package var name: String
    /// The part of the people of the place's ZIP who live there, 0…1; rough, see docs/geocoding.md.
    package var share: Double

    package init(fips: String, name: String, share: Double) {
        self.fips = fips
        self.name = name
        self.share = share
    }

    init(_ fields: EventFields) throws(ContractError) {
        fips = try fields.string("fips")
        name = try fields.string("name")
        share = try fields.double("share")
    }

    func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("fips", fips)
        object.add("name", name)
        try object.add("share", share)
    }

    /// Whether it is one of the regions that the Census Bureau has taken for Connecticut's counties since 2022. They and the
    /// older counties divide the same state twice: a place lies in one of each.
    package var isPlanningRegion: Bool { fips.hasPrefix("091") }
}
