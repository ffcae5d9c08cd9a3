import AddressTable
import Contracts

/// A service of somebody else's that is asked over HTTP.
struct HTTPGeocoder: StreetGeocoder {
    let name: String
    private let dialect: any GeocoderDialect
    private let url: GeocoderURL
    private let http: GeocoderHTTP
    private let agent: String
    private let timeout: Duration
    private let attribution: String?

    /// - Throws: when the entry's location is no URL; the file's reader has looked at it already.
    init(
        _ entry: GeocoderEntry, dialect: any GeocoderDialect, http: GeocoderHTTP
    ) throws(GeocoderURL.Problem) {
        name = entry.name
        self.dialect = dialect
        url = try GeocoderURL(entry.location)
        self.http = http
        agent = GeocoderHTTP.agent(contact: entry.contact)
        timeout = entry.timeout
        attribution = entry.attribution
    }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        // Services take a question without a street for one about the city, and a rural route for a highway.
        guard StreetLine(address) != nil else { return .noMatch }
        let answer = try await http.get(
            url.url(of: dialect.question(address)), agent: agent, timeout: timeout)
        let finding = try dialect.finding(in: answer, for: address)
        guard let attribution, case .found(var match) = finding else { return finding }
        match.location.attribution = attribution
        return .found(match)
    }
}
