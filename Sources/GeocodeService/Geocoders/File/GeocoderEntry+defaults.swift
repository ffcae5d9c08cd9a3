import ServiceRuntime

extension GeocoderEntry {
    /// An entry that says no more than its kind.
    init(defaultsOf kind: Kind, name: String) {
        self.init(name: name, kind: kind, location: "")
        switch kind {
        case .census:
            location = "https://geocoding.geo.census.gov"
            timeout = .seconds(10)
        case .nominatim:
            location = "https://nominatim.openstreetmap.org"
            rate = 1
            isRateShared = true
            concurrency = 1
        case .pelias: break
        case .google:
            location = "https://maps.googleapis.com"
            // What it lets everyone ask, 3,000 a minute.
            rate = 50
            keepsAnswers = Self.longestKeptOfGoogle
        case .addresses:
            // To look there again costs no more than to look into a cache.
            keepsAnswers = .zero
            keepsNonAnswers = .zero
        }
    }

    /// Google Maps Platform Service Specific Terms: for how long coordinates may be kept.
    static let longestKeptOfGoogle = Duration.days(30)
    /// The usage policy of the public server: questions a second, from all of an organisation's machines.
    static let highestRateOfNominatim = 1.0
    static let publicNominatim = "openstreetmap.org"
}

extension Duration {
    static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
}
