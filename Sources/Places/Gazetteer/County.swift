/// A county, or what counts as one: a parish, borough, municipio, independent city.
package struct County: Sendable, Equatable {
    /// Five digits: two of the state, three of the county.
    package var fips: String
    /// As the Census Bureau writes it, e.g. `Harris County`.
    package var name: String
    /// USPS code of its state.
    package var state: String
}
