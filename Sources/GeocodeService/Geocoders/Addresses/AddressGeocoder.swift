import AddressTable
import Contracts
import Logging

/// A table of one's own, made by `intake gazetteer import`. It needs no network, and no address leaves the house.
struct AddressGeocoder: StreetGeocoder {
    let name: String
    private let attribution: String?
    private let file: AddressTableFile

    /// - Parameter entry: of the kind `addresses`.
    /// - Throws: `AddressTableError`, which names the file and what is wrong with it.
    init(_ entry: GeocoderEntry, logger: Logger) throws(AddressTableError) {
        name = entry.name
        attribution = entry.attribution
        file = try AddressTableFile(path: entry.location, logger: logger)
    }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        guard let question = AddressQuestion(address) else { return .noMatch }
        do {
            guard let match = try await file.current().find(question) else { return .noMatch }
            return .found(found(match))
        } catch {
            throw GeocoderFailure(
                kind: .unreadable, code: error.kind == .damaged ? "table-damaged" : "table-unreadable",
                message: error.description)
        }
    }

    private func found(_ match: AddressMatch) -> StreetMatch {
        StreetMatch(
            location: GeocodedLocation(
                latitude: match.latitude, longitude: match.longitude, precision: match.precision, source: name,
                confidence: match.confidence, uncertaintyKilometres: match.uncertaintyKilometres,
                attribution: attribution),
            state: match.state, countyFIPS: nil, matchedText: match.text)
    }
}
