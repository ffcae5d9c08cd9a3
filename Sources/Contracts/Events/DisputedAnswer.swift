/// A geocoder's answer that was not believed: the next one was asked.
package struct DisputedAnswer: Codable, Sendable, Equatable {
    /// Who said it, e.g. `census`.
    package var source: String
    package var reason: Reason
    /// How far the answer lies from the ZIP's centroid, kilometres; absent when the ZIP is not known.
    package var distanceKilometres: Double?

    package init(source: String, reason: Reason, distanceKilometres: Double? = nil) {
        self.source = source
        self.reason = reason
        self.distanceKilometres = distanceKilometres
    }

    init(_ fields: EventFields) throws(ContractError) {
        source = try fields.string("source")
        reason = Reason(rawValue: try fields.string("reason"))
        distanceKilometres = try fields.doubleIfPresent("distanceKilometres")
    }

    func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("source", source)
        object.add("reason", reason.rawValue)
        if let distanceKilometres { try object.add("distanceKilometres", distanceKilometres) }
    }

    /// Why. Open: new reasons may be added.
    package struct Reason: RawRepresentable, Codable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// It lies in another state than the ZIP, or than the one named where the ZIP is not known.
        package static let otherState = Reason(rawValue: "other-state")
        /// It lies farther from the ZIP's centroid than that ZIP is wide, and a margin.
        package static let tooFar = Reason(rawValue: "too-far")
        /// Its coordinates are no point on the earth, or the 0,0 that programs say for "nowhere".
        package static let noPoint = Reason(rawValue: "no-point")
    }
}
