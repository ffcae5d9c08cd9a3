import Contracts
import Foundation

/// What made a location coarser or less sure, as the store keeps it: JSON, since nothing asks for it but whoever reads the
/// whole request, and nearly every request has none.
struct GeocodingDoubts: Codable {
    var disputes: [DisputedAnswer]
    var unavailable: [String]
    /// Absent in what earlier versions kept.
    var counties: [CountyShare]?

    /// `nil` when there is none.
    init?(_ geocoding: Geocoding) {
        guard !geocoding.disputes.isEmpty || !geocoding.unavailable.isEmpty || !geocoding.counties.isEmpty else {
            return nil
        }
        disputes = geocoding.disputes
        unavailable = geocoding.unavailable
        counties = geocoding.counties
    }

    /// - Throws: `StoreError` when the text is not what `text` wrote.
    init(text: String) throws(StoreError) {
        do { self = try JSONDecoder().decode(GeocodingDoubts.self, from: Data(text.utf8)) } catch {
            throw StoreError(code: .unreadable, detail: "request.geocoding_doubts")
        }
    }

    func text() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}
