import Contracts

/// What of a geocoded request the rules are held against.
struct PlaceToDecide: Sendable, Equatable {
    /// The five digits that the partner named.
    var zip: String
    /// USPS code of the state that the place lies in; `nil` when that is open.
    var state: String?
    var countyFIPS: String?
    var county: String?
    var regionCode: String?
    /// Whether the place is known at all.
    var isLocated: Bool

    /// The state is the one that the location lies in. A location by ZIP lies in the ZIP's state, whatever the partner
    /// named: mail goes by ZIP. A location by city or prefix was looked for in the state that was named. Without a
    /// location the named state holds, unless the ZIP contradicts it: then neither is sure.
    init(_ geocoded: RequestGeocoded) {
        zip = geocoded.zip
        countyFIPS = geocoded.countyFIPS
        county = geocoded.county
        regionCode = geocoded.regionCode
        isLocated = geocoded.location != nil
        let zipState = geocoded.conflict?.zipState
        switch geocoded.location?.precision {
        case .zip?: state = zipState ?? geocoded.state
        case .some: state = geocoded.state
        case nil: state = zipState == nil ? geocoded.state : nil
        }
    }
}
