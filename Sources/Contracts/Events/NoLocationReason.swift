/// Why no location was found. Open: new reasons may be added.
package struct NoLocationReason: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Neither the ZIP, nor the city in that state, nor the three-digit prefix is known.
    package static let noMatch = NoLocationReason(rawValue: "no-match")
}
