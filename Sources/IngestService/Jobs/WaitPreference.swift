import Contracts
import HTTPListener
import HTTPTypes

/// `Prefer: wait=N` (RFC 7240, section 4.3): how long the client would rather wait than ask again.
struct WaitPreference: Sendable, Equatable {
    /// What is asked for beyond it is cut to it, seconds.
    static let longest = 30

    var seconds: Int

    /// - Parameter fields: of `Prefer`; the first `wait` of them counts, and one that is no number is as if it were not there.
    init?(_ fields: [String]) {
        for preference in fields.filter(\.isShortASCII).flatMap({ $0.split(separator: ",") }) {
            // What follows a semicolon are parameters of the preference.
            let pair = preference.prefix { $0 != ";" }
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0].trimmingBlanks().lowercased() == "wait" else { continue }
            let text = pair[1].trimmingBlanks()
            let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            let digits = isQuoted ? text.dropFirst().dropLast() : text
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            seconds = Int(foreign: digits, in: 0...Self.longest) ?? Self.longest
            return
        }
        return nil
    }

    /// What `Preference-Applied` says.
    var applied: String { "wait=\(seconds)" }
}

extension HTTPField.Name {
    // Valid tokens, so that these cannot fail.
    static let prefer = HTTPField.Name("prefer")!
    static let preferenceApplied = HTTPField.Name("preference-applied")!
}
