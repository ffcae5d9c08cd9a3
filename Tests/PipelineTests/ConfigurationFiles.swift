import Foundation
import TestSupport

/// The three files that operators edit.
enum ConfigurationFiles: Sendable {
    /// The shipped ones, which the examples' expected decisions go with, and another partner than the test's own.
    /// - Parameter settings: lines of YAML for that partner's callbacks, beside what is shipped.
    case shipped(callbackPort: Int, settings: [String] = [])
    /// The shipped ones but for the coverage: one organisation that covers Texas, so that tests know the decisions.
    case texas
    /// The same, and somebody on this port who is told of trouble.
    case texasNotifying(port: Int)
    /// One organisation that covers a ZIP of Houston; where another city is named a person is to decide, and without
    /// one the answer is no.
    case houstonWithReviews

    /// Writes them, with the partner on its port.
    func write(to directory: String, partnerPort: Int) throws {
        let (port, settings, coverage): (Int, [String], String?) =
            switch self {
            case .shipped(let callbackPort, let settings): (callbackPort, settings, nil)
            case .texas, .texasNotifying: (partnerPort, [], Self.texasCoverage)
            case .houstonWithReviews: (partnerPort, [], Self.houstonCoverage)
            }
        for name in ["providers.yaml", "coverage.yaml", "callbacks.yaml"] {
            var text = try String(contentsOfFile: Repository.path("deploy/config/\(name)"), encoding: .utf8)
            if name == "callbacks.yaml" {
                text = text.replacing("127.0.0.1:8090", with: "127.0.0.1:\(port)")
                // The file ends within its only provider.
                text += settings.map { "    \($0)\n" }.joined()
                if case .texasNotifying(let port) = self {
                    text += "notify:\n  pager:\n    url: http://127.0.0.1:\(port)/hook\n"
                    text += "    allow: [http, private-networks]\n"
                }
            }
            if name == "coverage.yaml", let coverage { text = coverage }
            try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        }
    }

    private static let texasCoverage = """
        version: test
        organizations:
          relief:
            covers:
              states: [TX]

        """

    private static let houstonCoverage = """
        version: test
        organizations:
          relief:
            covers:
              zips: ["77002"]
            review:
              when: [place_conflict]
              deadline: 1h
              fallback: decline

        """
}
