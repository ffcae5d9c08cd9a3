/// A county, or what counts as one: a parish, borough, municipio, independent city.
struct County: Sendable, Equatable {
    /// Five digits: two of the state, three of the county.
    var fips: String
    /// As the Census Bureau writes it, e.g. `Harris County`.
    var name: String
    /// USPS code of its state.
    var state: String
}
