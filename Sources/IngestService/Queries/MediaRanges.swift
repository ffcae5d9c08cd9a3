import Contracts
import HTTPListener

/// What a client accepts (RFC 9110, section 12.5.1).
struct MediaRanges: Sendable, Equatable {
    private struct Range: Sendable, Equatable {
        var type: Substring
        var subtype: Substring
        /// In thousandths.
        var quality: Int

        /// How exactly it names a type: 0 not at all.
        func specificity(_ type: Substring, _ subtype: Substring) -> Int {
            if self.type == type, self.subtype == subtype { return 3 }
            if self.type == type, self.subtype == "*" { return 2 }
            return self.type == "*" && self.subtype == "*" ? 1 : 0
        }
    }

    private let ranges: [Range]

    /// - Parameter fields: of `Accept`. None of them, or empty ones, accept everything; a range that is none is passed
    ///   over.
    init(_ fields: [String]) {
        let text = fields.filter(\.isShortASCII).joined(separator: ",").lowercased()
        if text.allSatisfy({ $0.isWhitespace || $0 == "," }) {
            ranges = [Range(type: "*", subtype: "*", quality: 1000)]
        } else {
            ranges = text.split(separator: ",").compactMap(Self.range)
        }
    }

    private static func range(_ text: Substring) -> Range? {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        let types = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard types.count == 2, !types[0].isEmpty, !types[1].isEmpty else { return nil }
        var quality = 1000
        for parameter in parts.dropFirst() where parameter.hasPrefix("q=") {
            guard let value = Double(parameter.dropFirst(2)), (0...1).contains(value) else { return nil }
            quality = Int(clamping: (value * 1000).rounded())
        }
        return Range(type: types[0], subtype: types[1], quality: quality)
    }

    /// The one of the types that the client likes best; of those that it likes as much the first.
    /// - Parameter types: as `text/csv`, in lower case, without parameters.
    /// - Returns: `nil` when it likes none.
    func best(of types: [String]) -> Int? {
        var best: (index: Int, quality: Int)?
        for (index, type) in types.enumerated() {
            let quality = quality(of: type)
            if quality > best?.quality ?? 0 { best = (index, quality) }
        }
        return best?.index
    }

    /// The range that names the type most exactly decides.
    private func quality(of type: String) -> Int {
        let parts = type.split(separator: "/")
        let fitting = ranges.map { (specificity: $0.specificity(parts[0], parts[1]), quality: $0.quality) }
            .filter { $0.specificity > 0 }
        return fitting.max { ($0.specificity, $0.quality) < ($1.specificity, $1.quality) }?.quality ?? 0
    }
}
