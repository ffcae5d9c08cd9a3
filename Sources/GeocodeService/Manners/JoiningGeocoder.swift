import Contracts

/// Asks once what several ask at the same time.
struct JoiningGeocoder: StreetGeocoder {
    private let inner: any StreetGeocoder
    private let entry: GeocoderEntry
    private let questions = QuestionsUnderWay()

    init(_ inner: any StreetGeocoder, entry: GeocoderEntry) {
        self.inner = inner
        self.entry = entry
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        let outcome = await questions.outcome(of: AddressKey(address, askedOf: entry)) { [inner] in
            do throws(GeocoderFailure) {
                return .success(try await inner.find(address))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
