/// A point, and how far it can be trusted.
package struct GeocodedLocation: Codable, Sendable, Equatable {
    /// WGS 84 degrees, −90…90.
    package var latitude: Double
    /// WGS 84 degrees, −180…180.
    package var longitude: Double
    package var precision: Precision
    /// Who says so, e.g. `gazetteer`.
    package var source: String
    /// How sure the source is of it, 0…1; absent when it does not say.
    package var confidence: Double?
    /// Within which distance of the point the address lies, nine times out of ten, kilometres; absent when that is not known.
    package var uncertaintyKilometres: Double?
    /// The credit that the source asks for wherever its answer is shown.
    package var attribution: String?

    package init(
        latitude: Double, longitude: Double, precision: Precision, source: String, confidence: Double? = nil,
        uncertaintyKilometres: Double? = nil, attribution: String? = nil
    ) {
        self.latitude = latitude
        self.longitude = longitude
        self.precision = precision
        self.source = source
        self.confidence = confidence
        self.uncertaintyKilometres = uncertaintyKilometres
        self.attribution = attribution
    }

    init(_ fields: EventFields) throws(ContractError) {
        latitude = try fields.double("latitude")
        longitude = try fields.double("longitude")
        precision = Precision(rawValue: try fields.string("precision"))
        source = try fields.string("source")
        confidence = try fields.doubleIfPresent("confidence")
        uncertaintyKilometres = try fields.doubleIfPresent("uncertaintyKilometres")
        attribution = try fields.stringIfPresent("attribution")
    }

    func write(to object: inout JSONObjectText) throws(ContractError) {
        try object.add("latitude", latitude)
        try object.add("longitude", longitude)
        object.add("precision", precision.rawValue)
        object.add("source", source)
        if let confidence { try object.add("confidence", confidence) }
        if let uncertaintyKilometres { try object.add("uncertaintyKilometres", uncertaintyKilometres) }
        object.add("attribution", attribution)
    }

    /// What the point is the middle of. Open: a reader takes a value that it does not know for the coarsest.
    package struct Precision: RawRepresentable, Codable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The building itself, or its parcel.
        package static let rooftop = Precision(rawValue: "rooftop")
        /// A house number's place on its street, reckoned from others.
        package static let interpolated = Precision(rawValue: "interpolated")
        /// The street, without the house.
        package static let street = Precision(rawValue: "street")
        /// The ZIP's centroid.
        package static let zip = Precision(rawValue: "zip")
        /// The city's centroid.
        package static let city = Precision(rawValue: "city")
        /// The mean of the ZIPs that share the first three digits.
        package static let zip3 = Precision(rawValue: "zip3")
    }
}
