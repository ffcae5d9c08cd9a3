/// The ZIP and the city that the partner named lie too far apart.
package struct PlaceConflict: Codable, Sendable, Equatable {
    /// Great-circle distance between the ZIP's centroid and the nearest city of that name in the state, kilometres;
    /// absent when the ZIP lies in another state than the one named and no distance says more.
    package var distanceKilometres: Double?
    /// The state that the ZIP lies in, when it is not the one that the partner named.
    package var zipState: String?

    package init(distanceKilometres: Double? = nil, zipState: String? = nil) {
        self.distanceKilometres = distanceKilometres
        self.zipState = zipState
    }

    init(_ fields: EventFields) throws(ContractError) {
        distanceKilometres = try fields.doubleIfPresent("distanceKilometres")
        zipState = try fields.stringIfPresent("zipState")
    }

    func write(to object: inout JSONObjectText) throws(ContractError) {
        if let distanceKilometres { try object.add("distanceKilometres", distanceKilometres) }
        object.add("zipState", zipState)
    }
}
