import Contracts
import ServiceRuntime
import TestSupport
import Testing

@testable import GeocodeService

/// What all tests of adapters ask, and how.
enum Asking {
    static let address = PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002-1234")
    static let kinds: [GeocoderEntry.Kind] = [.census, .nominatim, .pelias, .google]
    /// Nobody else's text holds it.
    static let key = "k3y-of-the-test"

    static func entry(_ kind: GeocoderEntry.Kind, url: String = "http://127.0.0.1:1") -> GeocoderEntry {
        var entry = GeocoderEntry(defaultsOf: kind, name: "a-\(kind.rawValue)")
        entry.location = url
        entry.contact = "ops@relief.example"
        entry.key = kind == .pelias || kind == .google ? Secret(key) : nil
        return entry
    }

    static func dialect(_ kind: GeocoderEntry.Kind) throws -> any GeocoderDialect {
        switch kind {
        case .census: CensusDialect(source: "a-census", benchmark: "Public_AR_Current", vintage: "Current_Current")
        case .nominatim: NominatimDialect(source: "a-nominatim")
        case .pelias: PeliasDialect(source: "a-pelias", key: Secret(key))
        case .google: GoogleDialect(source: "a-google", key: Secret(key))
        case .addresses: throw NoDialect()
        }
    }

    private struct NoDialect: Error {}

    /// Asks a service that behaves so, once, over the loopback.
    static func ask(
        _ kind: GeocoderEntry.Kind, _ address: PostalAddress = address, attribution: String? = nil,
        timeout: Duration = .seconds(30),
        _ behaviour: @escaping @Sendable (TestConnection.Request, TestGeocoder.Outbound) async throws -> Void
    ) async throws -> Result<StreetFinding, GeocoderFailure> {
        let outcome = Recorder<Result<StreetFinding, GeocoderFailure>>()
        try await TestGeocoder.serving(behaviour) { server in
            var entry = entry(kind, url: server.url)
            entry.timeout = timeout
            entry.attribution = attribution
            outcome.add(try await ask(entry, address))
        }
        return try #require(outcome.all.first)
    }

    static func ask(
        _ entry: GeocoderEntry, _ address: PostalAddress = address
    ) async throws -> Result<StreetFinding, GeocoderFailure> {
        let http = GeocoderHTTP()
        let adapter = try #require(try http.adapter(for: entry))
        let result: Result<StreetFinding, GeocoderFailure>
        do throws(GeocoderFailure) {
            result = .success(try await adapter.find(address))
        } catch {
            result = .failure(error)
        }
        await http.shutDown()
        return result
    }

    /// What a body means that came with a status.
    static func read(
        _ kind: GeocoderEntry.Kind, _ body: String, status: Int = 200, retryAfter: Duration? = nil,
        for address: PostalAddress = address
    ) throws -> StreetFinding {
        try dialect(kind).finding(
            in: GeocoderAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8)), for: address)
    }
}

extension Result<StreetFinding, GeocoderFailure> {
    var failure: GeocoderFailure? { if case .failure(let failure) = self { failure } else { nil } }

    var match: StreetMatch? { if case .success(.found(let match)) = self { match } else { nil } }
}

extension StreetFinding {
    var match: StreetMatch? { if case .found(let match) = self { match } else { nil } }
}
