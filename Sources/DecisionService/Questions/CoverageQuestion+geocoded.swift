import Contracts
import HTTPListener
import Places

extension CoverageQuestion {
    /// A point farther than this from its ZIP's centre is a mistake, kilometres: a sign, or the two degrees exchanged.
    /// The widest ZIPs, in Alaska, reach less far.
    static let farthestFromZIP = 300.0

    /// What GeocodeService would say of it, by the same look-up rule. Where the asker gives coordinates they are the
    /// place; the county stays the ZIP's.
    /// - Throws: `Problem` with status 422 when the coordinates cannot lie in the ZIP.
    func geocoded(by finder: PlaceFinder) throws(Problem) -> Geocoding {
        let known = zip.flatMap { finder.gazetteer.zip($0.number) }
        let named = state ?? known?.county.state ?? ""
        var found = finder.find(zip: zip, city: city ?? "", state: named)
        // Nobody has named a state that the ZIP could contradict.
        if state == nil { found.conflict = nil }
        if let point {
            if let known, known.centre.kilometres(to: point) > Self.farthestFromZIP {
                throw .invalidQuery([
                    FieldError(pointer: "lat", detail: "lies far away from the ZIP", code: .conflict),
                    FieldError(pointer: "lon", detail: "lies far away from the ZIP", code: .conflict),
                ])
            }
            found.location = GeocodedLocation(
                latitude: point.latitude, longitude: point.longitude, precision: .rooftop, source: "question")
        }
        return Geocoding(
            state: named, zip: zip?.text ?? "", countyFIPS: found.county?.fips, county: found.county?.name,
            counties: found.counties, location: found.location, reason: found.location == nil ? .noMatch : nil,
            conflict: found.conflict, regionCode: regionCode)
    }
}
