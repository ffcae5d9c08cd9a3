/// What of the map belongs to an organisation.
package struct Shading: Sendable, Equatable {
    /// As the legend names it.
    package var name: String
    /// How much of a county is covered, more than 0 and at most 1, by its FIPS code.
    package var counties: [String: Double]

    package init(name: String, counties: [String: Double]) {
        self.name = name
        self.counties = counties
    }

    /// The colours of the first eight organisations, then again from the start: told apart by most who see few colours
    /// (Okabe and Ito).
    static func colour(_ index: Int) -> String { colours[index % colours.count] }

    private static let colours = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d00", "#5b4a9e",
    ]

    /// Four steps, so that the legend can show them.
    static let steps: [(upTo: Double, opacity: String, label: String)] = [
        (0.25, ".18", "up to a quarter"), (0.5, ".32", "up to half"), (0.9999, ".48", "most"), (1, ".72", "all"),
    ]

    static func step(_ share: Double) -> Int { steps.firstIndex { share <= $0.upTo } ?? steps.count - 1 }
}
