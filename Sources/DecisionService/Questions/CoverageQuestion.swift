import Contracts
import HTTPListener
import Hummingbird
import Places

import struct Foundation.Date

/// The query of `GET /api/coverage`, checked.
struct CoverageQuestion: Sendable, Equatable {
    private(set) var organization: String?
    private(set) var zip: ZIPCode?
    /// USPS code.
    private(set) var state: String?
    private(set) var city: String?
    private(set) var regionCode: String?
    private var latitude: Double?
    private var longitude: Double?

    /// Where the asker says that it is.
    private(set) var point: Coordinate?

    private enum Parameter: String, CaseIterable {
        case organization, zip, state, city, region, lat, lon
    }

    /// - Throws: `Problem` that names everything that is wrong: status 400 for what is no parameter, stands twice or
    ///   has not the form that is asked for, 422 when something is missing.
    init(_ parameters: Parameters) throws(Problem) {
        var errors = FieldError.reading(parameters, as: Parameter.self) { read($0, $1) }
        guard errors.isEmpty else { throw .badQuery(errors) }
        if zip == nil {
            errors.append(FieldError(pointer: "zip", detail: "is needed", code: .required))
        }
        switch (latitude, longitude) {
        case (let latitude?, let longitude?): point = Coordinate(latitude: latitude, longitude: longitude)
        case (nil, nil): break
        case (let latitude, _):
            errors.append(
                FieldError(
                    pointer: latitude == nil ? "lat" : "lon", detail: "is needed when the other is given",
                    code: .required))
        }
        guard errors.isEmpty else { throw .invalidQuery(errors) }
    }

    /// - Returns: what is wrong with the value.
    private mutating func read(_ parameter: Parameter, _ text: String) -> String? {
        switch parameter {
        case .organization:
            organization = text
            return (1...128).contains(text.count) ? nil : "must be 1 to 128 characters"
        case .zip:
            zip = ZIPCode(text)
            return zip == nil ? "must be a ZIP: 12345 or 12345-6789" : nil
        case .state:
            state = text.uppercased()
            return text.utf8.count == 2 && USState.isCode(text.uppercased()) ? nil : "must be the USPS code of a state"
        case .city:
            city = text
            return (1...128).contains(text.count) ? nil : "must be 1 to 128 characters"
        case .region:
            regionCode = text
            return (1...64).contains(text.count) ? nil : "must be 1 to 64 characters"
        case .lat:
            latitude = Double(text)
            return latitude.map((-90.0...90).contains) == true ? nil : "must be degrees from -90 to 90"
        case .lon:
            longitude = Double(text)
            return longitude.map((-180.0...180).contains) == true ? nil : "must be degrees from -180 to 180"
        }
    }
}
