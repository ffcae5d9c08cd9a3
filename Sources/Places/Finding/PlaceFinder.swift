import Contracts

/// The look-up rule: from a ZIP, a city and a state to a point, and whether the three contradict each other.
///
/// 1. A known ZIP: its centre, or nearer to the city that was named, and its county, also when the city or the state
///    say otherwise: mail goes by ZIP.
/// 2. Else the city in the state that was named.
/// 3. Else the middle of the ZIPs of that state that share the first three digits, unless they are scattered.
/// 4. Else nothing: a location is never made up.
///
/// A ZIP that lies in several counties is in that of the city that was named, where a city settles it, and few do: see
/// `settle`. What city and ZIP together leave open is said with shares.
package struct PlaceFinder: Sendable {
    /// The name of this source in `GeocodedLocation.source`.
    package static let source = "gazetteer"
    /// A ZIP and a city farther apart than this contradict each other, kilometres.
    static let conflictDistance = 40.0
    /// The middle of ZIPs whose root mean square distance from it is greater says nothing of where an address is,
    /// kilometres: 995 in Alaska reaches over 1,500 km, the middle of 967 lies in the sea between Hawaii's islands.
    static let widestPrefix = 100.0
    /// How far nine of ten addresses lie at most from the middle of a city, kilometres. The gazetteer does not know how
    /// large a city is; this holds for all but the largest.
    static let citySize = 15.0
    /// The part of the people of a ZIP who name a city and live in its county: where many of the ZIP's people do, or
    /// the ZIP is the city's own, and where its name may as well be its neighbours'.
    static let namedCity = 0.6
    static let perhapsNamedCity = 0.3
    /// The part of those who name a state that their ZIP's centre does not lie in, though the ZIP may reach into it,
    /// and live there.
    static let namedState = 0.4
    /// The part of a ZIP's people from which they are many.
    static let manyPeople = 0.2
    /// How far the limits of a city that is a county by itself may be from its middle, kilometres. The gazetteer has no
    /// limits; its shares of ZIPs are too rough to leave a city out that somebody has named.
    static let cityLimits = 8.0
    /// How far from the centre of a ZIP towards the middle of the city its people live: by a part of the distance, and
    /// at most of the ZIP's radius. Of the ZIP that is the city's own more than of one of several.
    static let towardsOwnCity = 0.7
    static let towardsOtherCity = 0.25
    /// From a root mean square distance to the one that nine of ten do not reach, when the points lie about their
    /// middle as by chance (the Rayleigh distribution's 90th percentile: √ln 10).
    static let ninthTenth = 1.52

    package let gazetteer: Gazetteer

    package init(gazetteer: Gazetteer) { self.gazetteer = gazetteer }

    /// - Parameters:
    ///   - zip: `nil` when what was named is no ZIP.
    ///   - city: as the partner wrote it.
    ///   - state: USPS code.
    package func find(zip: ZIPCode?, city: String, state: String) -> PlaceFinding {
        let place = place(named: city, state: state)
        guard let zip else { return finding(place) }
        if let known = gazetteer.zip(zip.number) {
            return finding(known, number: zip.number, place: place, state: state)
        }
        let neighbours = gazetteer.zips(prefix: zip.prefix)
        if let place {
            var result = finding(place)
            result.conflict = conflict(of: neighbours, place: place, state: state)
            if result.conflict == nil { result.county = county(ofBoxesIn: place, neighbours) }
            return result
        }
        let inState = neighbours.filter { $0.county.state == state }.map(\.centre)
        guard !inState.isEmpty else {
            return PlaceFinding(conflict: otherState(of: neighbours, than: state).map { PlaceConflict(zipState: $0) })
        }
        guard let middle = Coordinate.mean(of: inState) else { return PlaceFinding() }
        let scatter = Self.scatter(of: inState, around: middle)
        guard scatter <= Self.widestPrefix else { return PlaceFinding() }
        return PlaceFinding(
            location: Self.location(middle, .zip3, within: max(Self.citySize, Self.ninthTenth * scatter)))
    }

    private func place(named city: String, state: String) -> Gazetteer.Place? {
        let key = PlaceName.key(city)
        guard !key.isEmpty else { return nil }
        return gazetteer.place(key: key, state: state)
            ?? gazetteer.place(key: PlaceName.key(city, droppingLast: state.lowercased()), state: state)
    }

    /// A known ZIP decides; place and state are only compared with it.
    private func finding(
        _ zip: Gazetteer.ZIP, number: UInt32, place: Gazetteer.Place?, state: String
    ) -> PlaceFinding {
        var result = PlaceFinding(
            location: Self.location(zip.centre, .zip, within: zip.radius), zipCentre: zip.centre, county: zip.county,
            counties: gazetteer.counties(ofZIP: number))
        let distance = place.map { zip.centre.kilometres(to: $0.centre) }
        let isFar = if let place, let distance { distance - place.spread > Self.conflictDistance } else { false }
        if zip.county.state != state {
            let others = isFar ? [] : counties(of: zip, across: place, in: state)
            if !others.isEmpty {
                result.addCounties(others, across: Self.namedState)
            } else {
                result.conflict = PlaceConflict(
                    distanceKilometres: distance.map(Self.rounded), zipState: zip.county.state)
            }
        } else if isFar {
            result.conflict = PlaceConflict(distanceKilometres: distance.map(Self.rounded))
        } else if let place, let distance {
            if place.spread == 0 {
                let point = self.point(of: zip, number, towards: place, distance)
                result.location = Self.location(point, .zip, within: zip.radius)
            }
            if let county = place.counties.first { settle(&result, by: place, in: county, distance, zip, number) }
        }
        return result
    }

    /// Where in a ZIP the people of a city are. A ZIP's centre is that of its area: of a town and the fields around it
    /// the fields, and most people live in the town.
    private func point(
        of zip: Gazetteer.ZIP, _ number: UInt32, towards place: Gazetteer.Place, _ distance: Double
    ) -> Coordinate {
        // Nothing is reckoned across the antimeridian.
        guard distance > 0, abs(zip.centre.longitude - place.centre.longitude) < 180 else { return zip.centre }
        let part = isNearest(zip, number, to: place) ? Self.towardsOwnCity : Self.towardsOtherCity
        let share = part * min(1, zip.radius / distance)
        // To ten metres, as the gazetteer has its points: what follows is finer than anybody knows.
        func between(_ one: Double, _ other: Double) -> Double {
            ((one + share * (other - one)) * 10_000).rounded() / 10_000
        }
        return Coordinate(
            latitude: between(zip.centre.latitude, place.centre.latitude),
            longitude: between(zip.centre.longitude, place.centre.longitude))
    }

    /// The county of the state that was named, where a ZIP of another state may reach into it: some ZIPs lie on both
    /// sides of a border, and the post office names but one of the two states. That of the city, where it lies within
    /// the ZIP, else that of the nearest ZIP, where the two touch; in Connecticut with its planning region. Empty where
    /// the ZIP lies elsewhere.
    private func counties(of zip: Gazetteer.ZIP, across place: Gazetteer.Place?, in state: String) -> [County] {
        guard let (number, near) = gazetteer.nearestZIP(to: zip.centre, in: state),
            zip.centre.kilometres(to: near.centre) <= zip.radius + near.radius
        else { return [] }
        if let place, !place.counties.isEmpty, zip.centre.kilometres(to: place.centre) <= zip.radius {
            return place.counties
        }
        let region = gazetteer.counties(ofZIP: number).first(where: \.isPlanningRegion)
        return [near.county] + [region.flatMap { gazetteer.county(fips: $0.fips) }].compactMap(\.self)
    }

    /// The county of a ZIP that has no area, as those of post office boxes and of single institutions: a city that is
    /// a county by itself has its post office within it. Unless all that is known of the ZIP's neighbours is elsewhere.
    private func county(
        ofBoxesIn place: Gazetteer.Place, _ neighbours: some Collection<Gazetteer.ZIP>
    ) -> County? {
        guard place.isCounty, let county = place.counties.first,
            neighbours.isEmpty || neighbours.contains(where: { $0.county == county })
        else { return nil }
        return county
    }

    /// Lets the city that was named say in which of the ZIP's counties the address is.
    ///
    /// A post office's name is written far beyond its city's limits, so most cities say nothing of the county. These
    /// do:
    /// - A city that is a county by itself, where the ZIP's centre lies in it: it is the county.
    /// - A town of Connecticut within the ZIP: the towns divide the state, and lie in one county each.
    /// - A city that is a county by itself, in or near the ZIP: it is possible, so that it is never a sure no, and
    ///   likely where many of the ZIP's people live in it, or where no ZIP has its centre in it, so that all its people
    ///   have their neighbours'. Its name is its neighbours', too: the others stay possible.
    /// - Any other place within the ZIP, in a smaller one of its counties. Of a place the middle alone is known, and
    ///   cities reach over counties' borders: its county is likely where the ZIP is the place's own, that is the one
    ///   nearest to its middle, and possible where it is one of several. The others stay possible.
    private func settle(
        _ result: inout PlaceFinding, by place: Gazetteer.Place, in county: County, _ distance: Double,
        _ zip: Gazetteer.ZIP, _ number: UInt32
    ) {
        let part = result.counties.first { $0.fips == county.fips }?.share
        if place.isCounty, county == zip.county {
            result.counties = []
        } else if place.isCounty, part != nil || distance <= zip.radius + Self.cityLimits {
            let isLikely = part.map { $0 >= Self.manyPeople || !gazetteer.hasZIP(county) } ?? false
            if isLikely { result.county = county }
            result.addCounty(county, likely: isLikely ? Self.namedCity : Self.perhapsNamedCity)
        } else if !place.isCounty, part != nil, county != zip.county, distance <= zip.radius {
            if place.counties.count > 1 {
                result.county = county
                result.counties = place.counties.map { CountyShare(fips: $0.fips, name: $0.name, share: 1) }
                return
            }
            let isItsOwn = isNearest(zip, number, to: place)
            if isItsOwn { result.county = county }
            result.addCounty(county, likely: isItsOwn ? Self.namedCity : Self.perhapsNamedCity)
        }
    }

    /// Whether no ZIP of its neighbourhood is nearer to the middle of the place.
    private func isNearest(_ zip: Gazetteer.ZIP, _ number: UInt32, to place: Gazetteer.Place) -> Bool {
        let distance = zip.centre.kilometres(to: place.centre)
        return gazetteer.zips(prefix: number / 100).allSatisfy { other in
            other.centre.kilometres(to: place.centre) >= distance
        }
    }

    private func finding(_ place: Gazetteer.Place?) -> PlaceFinding {
        PlaceFinding(
            location: place.map { Self.location($0.centre, .city, within: $0.spread + Self.citySize) })
    }

    /// A ZIP that is not known itself lies among its neighbours: those that share its first three digits.
    private func conflict(
        of neighbours: some Collection<Gazetteer.ZIP>, place: Gazetteer.Place, state: String
    ) -> PlaceConflict? {
        if let zipState = otherState(of: neighbours, than: state) { return PlaceConflict(zipState: zipState) }
        let nearest = neighbours.lazy.map { $0.centre.kilometres(to: place.centre) }.min()
        guard let nearest, nearest - place.spread > Self.conflictDistance else { return nil }
        return PlaceConflict(distanceKilometres: Self.rounded(nearest))
    }

    /// The state that most of the ZIPs lie in, when none lies in the one that was named.
    private func otherState(of zips: some Collection<Gazetteer.ZIP>, than state: String) -> String? {
        var counts: [String: Int] = [:]
        for zip in zips { counts[zip.county.state, default: 0] += 1 }
        guard counts[state] == nil else { return nil }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    private static func scatter(of points: [Coordinate], around middle: Coordinate) -> Double {
        let squares = points.map { point in
            let distance = point.kilometres(to: middle)
            return distance * distance
        }
        return (squares.reduce(0, +) / Double(points.count)).squareRoot()
    }

    private static func location(
        _ point: Coordinate, _ precision: GeocodedLocation.Precision, within kilometres: Double
    ) -> GeocodedLocation {
        GeocodedLocation(
            latitude: point.latitude, longitude: point.longitude, precision: precision, source: source,
            uncertaintyKilometres: rounded(kilometres))
    }

    /// To 100 m: the centres are no more exact.
    private static func rounded(_ kilometres: Double) -> Double { (kilometres * 10).rounded() / 10 }
}

extension PlaceFinding {
    /// Makes a county one of those that the place may lie in, with at least so large a share.
    fileprivate mutating func addCounty(_ added: County, likely share: Double) {
        if counties.isEmpty, let county {
            counties = [CountyShare(fips: county.fips, name: county.name, share: county == added ? 0 : 1)]
        }
        if !counties.contains(where: { $0.fips == added.fips }) {
            counties.append(CountyShare(fips: added.fips, name: added.name, share: 0))
        }
        counties = counties.raising(added.fips, to: share)
    }

    /// Adds counties of another state, with a share of their own, behind those that are there.
    fileprivate mutating func addCounties(_ added: [County], across share: Double) {
        if counties.isEmpty, let county { counties = [CountyShare(fips: county.fips, name: county.name, share: 1)] }
        for index in counties.indices { counties[index].share = Self.hundredths(counties[index].share * (1 - share)) }
        counties += added.map { CountyShare(fips: $0.fips, name: $0.name, share: share) }
    }

    fileprivate static func hundredths(_ share: Double) -> Double { (share * 100).rounded() / 100 }
}

extension [CountyShare] {
    /// Makes one share at least so large and first, at the cost of the others; in hundredths.
    fileprivate func raising(_ fips: String, to least: Double) -> [CountyShare] {
        guard let own = first(where: { $0.fips == fips }), own.share < least else { return self }
        return map { part in
            var part = part
            let share = part.fips == fips ? least : part.share * (1 - least) / (1 - own.share)
            part.share = PlaceFinding.hundredths(share)
            return part
        }.sorted { $0.share > $1.share }
    }
}
