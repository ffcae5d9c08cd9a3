import Contracts

extension StreetMatch {
    /// What a service said, looked through.
    ///
    /// - Parameters:
    ///   - confidence: cut to 0…1.
    ///   - attribution, matchedText: cut to 200 and 300 characters, on one line: they are a stranger's text.
    /// - Throws: `GeocoderFailure` `bad-coordinates` when the point is none on earth, or is 0, 0, which is what a
    ///   program says that has lost its own.
    init(
        latitude: Double, longitude: Double, precision: GeocodedLocation.Precision, source: String,
        confidence: Double?, attribution: String? = nil, state: String?, countyFIPS: String? = nil,
        matchedText: String?
    ) throws(GeocoderFailure) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude), latitude != 0 || longitude != 0 else {
            throw GeocoderFailure(
                kind: .unreadable, code: "bad-coordinates", message: "The answer's coordinates are no place on earth.")
        }
        let isConfident = confidence.map(\.isFinite) ?? false
        self.init(
            location: GeocodedLocation(
                latitude: latitude, longitude: longitude, precision: precision, source: source,
                confidence: isConfident ? confidence.map { min(1, max(0, $0)) } : nil,
                attribution: attribution.flatMap { Self.line($0, atMost: 200) }),
            state: state, countyFIPS: countyFIPS, matchedText: matchedText.flatMap { Self.line($0, atMost: 300) })
    }

    private static func line(_ text: String, atMost count: Int) -> String? {
        let line = text.prefix(count).filter { !$0.isNewline && $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
        return line.isEmpty ? nil : String(line)
    }
}
