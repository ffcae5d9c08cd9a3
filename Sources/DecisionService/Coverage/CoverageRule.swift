import Contracts

/// One rule of the coverage file, as a decision names it.
enum CoverageRule: Sendable, Hashable, CustomStringConvertible {
    /// The partner's own name of the region.
    case region(String)
    /// Five digits.
    case zip(String)
    /// Five-digit FIPS code, or name and state as the file has them.
    case county(String)
    /// One to four digits.
    case zipPrefix(String)
    /// USPS code.
    case state(String)

    /// Why a place that it covers is accepted.
    var reason: DecisionReason {
        switch self {
        case .region: .regionCovered
        case .zip: .zipCovered
        case .county: .countyCovered
        case .zipPrefix: .zipPrefixCovered
        case .state: .stateCovered
        }
    }

    /// E.g. `zip:77002`, `zip-prefix:770`, `county:48201`, `county:Harris County, TX`, `state:TX`, `region:TXGULF`.
    var description: String {
        switch self {
        case .region(let code): "region:\(code)"
        case .zip(let zip): "zip:\(zip)"
        case .county(let county): "county:\(county)"
        case .zipPrefix(let digits): "zip-prefix:\(digits)"
        case .state(let code): "state:\(code)"
        }
    }
}
