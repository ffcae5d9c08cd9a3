import Contracts

/// One rule of the coverage file, as a decision names it.
enum CoverageRule: Sendable, Hashable, CustomStringConvertible {
    /// The partner's own name of the region.
    case region(String)
    /// Five digits.
    case zip(String)
    /// An area of a GeoJSON file: the file's name, and the feature's.
    case polygon(String)
    /// The centre's name, or its coordinates; and kilometres.
    case radius(String, Double)
    /// Five-digit FIPS code, or name and state as the file has them.
    case county(String)
    /// Five digits each, both included.
    case zipRange(String, String)
    /// One to four digits.
    case zipPrefix(String)
    /// USPS code.
    case state(String)

    /// Why a place that it covers is accepted.
    var reason: DecisionReason {
        switch self {
        case .region: .regionCovered
        case .zip, .zipRange: .zipCovered
        case .polygon: .withinPolygon
        case .radius: .withinRadius
        case .county: .countyCovered
        case .zipPrefix: .zipPrefixCovered
        case .state: .stateCovered
        }
    }

    /// E.g. `zip:77002`, `zip-range:77001-77099`, `zip-prefix:770`, `county:48201`, `county:Harris County, TX`,
    /// `state:TX`, `region:TXGULF`, `polygon:service-area/North`, `radius:Houston base`.
    var description: String {
        switch self {
        case .region(let code): "region:\(code)"
        case .zip(let zip): "zip:\(zip)"
        case .polygon(let name): "polygon:\(name)"
        case .radius(let name, _): "radius:\(name)"
        case .county(let county): "county:\(county)"
        case .zipRange(let first, let last): "zip-range:\(first)-\(last)"
        case .zipPrefix(let digits): "zip-prefix:\(digits)"
        case .state(let code): "state:\(code)"
        }
    }
}
