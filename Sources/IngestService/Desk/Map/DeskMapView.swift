import Contracts
import CoverageMap
import Pages

/// `desk-map`
struct DeskMapView: Sendable {
    /// One request, or several that lie close together.
    struct Spot: Sendable {
        var href: String
        var label: String
        var tone: String
        /// From 1 for a single request to 4.
        var size: Int
        var x: Int
        var y: Int
        var count: String?
    }
    /// Another part of the map.
    struct Move: Sendable {
        var href: String
        var label: String
        var sign: String
    }
    struct Legend: Sendable {
        var tone: String
        var label: String
        var count: String
    }
    struct CountyRow: Sendable {
        var name: String
        var count: String
        var covered: String
        var href: String
    }

    var spots: [Spot]
    var moves: [Move]
    var whole: String?
    var areas: [MapBase.Layers.Area]
    var land: String
    var insets: String
    var countyBorders: String
    var stateBorders: String
    var names: [MapBase.Layers.Name]
    /// Whether it is near enough for counties.
    var hasCounties: Bool
    var legend: [Legend]
    /// Whether a spot stands for requests of several states.
    var hasMixed: Bool
    var summary: String
    var list: String
    /// The fields of the filter, for forms that keep it.
    var hidden: [Choice]
    var q: String
    var trouble: String?
    var isCovered = false
    var tabs: [ListView.Tab] = []
    var counties: Listed<CountyRow>?
    var states: [Choice] = []
    /// Square, on a picture of this size.
    let width = Int(MapWindow.width)
    let height = Int(MapWindow.height)
    var credit = ShapesFile.credit

    init(
        _ clusters: [DeskMapPlaces.Cluster], names requests: [Contracts.RequestID: StoredRequest], _ window: MapWindow,
        _ layers: MapBase.Layers, _ search: DeskSearchForm, _ found: DeskMapPoints
    ) {
        spots = clusters.map { Self.spot($0, requests, window, search) }
        func move(_ label: String, _ sign: String, _ to: MapWindow) -> Move? {
            to == window
                ? nil : Move(href: search.path("/desk/map", at: to.description), label: label, sign: sign)
        }
        moves = [
            move("Nearer", "+", window.zoomed(by: 1)), move("Farther", "−", window.zoomed(by: -1)),
            move("To the west", "←", window.moved(-0.4, 0)), move("To the east", "→", window.moved(0.4, 0)),
            move("To the north", "↑", window.moved(0, -0.4)), move("To the south", "↓", window.moved(0, 0.4)),
        ].compactMap(\.self)
        whole = window == .whole ? nil : search.path("/desk/map", at: MapWindow.whole.description)
        areas = layers.areas
        (land, insets, hasCounties) = (layers.land, layers.insets, !layers.countyBorders.isEmpty)
        (countyBorders, stateBorders, names) = (layers.countyBorders, layers.stateBorders, layers.names)
        let states = Dictionary(grouping: found.points, by: \.state).mapValues(\.count)
        legend = DeskMapPoint.State.allCases.compactMap { state in
            states[state].map { Legend(tone: state.tone, label: state.label, count: DeskCounts.grouped($0)) }
        }
        hasMixed = spots.contains { $0.tone == "mixed" }
        let shown = clusters.reduce(0) { $0 + $1.points.count }
        var parts = ["\(DeskCounts.grouped(shown)) \(shown == 1 ? "request" : "requests") on this part of the map"]
        let elsewhere = found.points.count - shown
        if elsewhere > 0 { parts.append("\(DeskCounts.grouped(elsewhere)) elsewhere") }
        if found.unplaced > 0 { parts.append("\(DeskCounts.grouped(found.unplaced)) without a place") }
        summary = parts.joined(separator: ", ") + "."
        if let date = found.lookedTo { summary += " Only those that came since \(DeskWords.time(date)) are here." }
        list = search.path("/desk/requests")
        hidden = search.fields.filter { $0.0 != "q" }.map { Choice(value: Shown.short($0.1, 200), label: $0.0) }
        q = Shown.short(search.fields.first { $0.0 == "q" }?.1 ?? "", 200)
    }

    private static func spot(
        _ cluster: DeskMapPlaces.Cluster, _ requests: [Contracts.RequestID: StoredRequest], _ window: MapWindow,
        _ search: DeskSearchForm
    ) -> Spot {
        let (points, first) = (cluster.points, cluster.points[0])
        let place = Shown.short("\(first.city), \(first.place.uppercased())", 60)
        let tones = Set(points.map(\.state.tone))
        var spot = Spot(
            href: "/desk/requests/\(first.id)", label: "", tone: tones.count == 1 ? first.state.tone : "mixed", size: 1,
            x: Int(cluster.middle.x), y: Int(cluster.middle.y))
        guard points.count > 1 else {
            let name = requests[first.id].flatMap { $0.erasedAt == nil ? Shown.short($0.submission.name, 60) : nil }
            spot.label = "\(name ?? "A request"), \(place): \(first.state.label)"
            return spot
        }
        spot.size = points.count < 10 ? 2 : points.count < 100 ? 3 : 4
        spot.count = count(points.count)
        let what = "\(DeskCounts.grouped(points.count)) requests around \(place)"
        let nearer = MapWindow.fitting(cluster.box)
        if nearer.zoom > window.zoom {
            spot.href = search.path("/desk/map", at: nearer.description)
            spot.label = "\(what): go nearer"
        } else {
            // They lie at one place: a ZIP's, or a city's, whose middle is all that is known.
            let isOneZIP = points.allSatisfy { $0.zip.prefix(5) == first.zip.prefix(5) }
            spot.href = search.path(
                "/desk/requests",
                with: isOneZIP
                    ? [("zip", String(first.zip.prefix(5)))]
                    : [("city", first.city), ("place", first.place.uppercased())])
            spot.label = "\(what): list them"
        }
        return spot
    }

    /// `1,234`, `12k`.
    private static func count(_ count: Int) -> String {
        count < 10_000 ? DeskCounts.grouped(count) : "\(count / 1000)k"
    }

    /// How many counties the table has.
    private static let mostCounties = 12

    /// The same in words, for those who do not see the map: the counties with the most requests.
    func counties(
        _ places: DeskMapPlaces, covered: [String: Double], _ base: MapBase, _ search: DeskSearchForm
    ) -> Listed<CountyRow>? {
        var counts: [String: (name: String, count: Int)] = [:]
        for place in places.places {
            guard let fips = place.point.countyFIPS, let name = place.point.county else { continue }
            // The county's own state: a partner may have named another.
            counts[fips, default: (name, 0)].count += 1
        }
        let first = counts.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(Self.mostCounties)
        return Listed(
            first.map { fips, county in
                let share = covered[fips] ?? 0
                let state = base.state(ofCounty: fips) ?? ""
                return CountyRow(
                    name: Shown.short(state.isEmpty ? county.name : "\(county.name), \(state)", 80),
                    count: DeskCounts.grouped(county.count),
                    covered: !isCovered && covered.isEmpty
                        ? "–" : share >= 1 ? "Covered" : share > 0 ? "In part" : "Not covered",
                    href: search.path(
                        "/desk/map",
                        at: (base.box(ofCounty: fips).map { MapWindow.fitting($0, atMost: 5) } ?? .whole).description))
            })
    }
}

extension DeskMapPoint.State {
    /// The style sheet's meanings.
    var tone: String {
        switch self {
        case .undecided: "wait"
        case .new: "new"
        case .hands: "hand"
        case .completed: "good"
        case .canceled, .declined: "off"
        }
    }

    var label: String {
        switch self {
        case .undecided: "Not decided yet"
        case .new: "New"
        case .hands: "Assigned or scheduled"
        case .completed: "Completed"
        case .canceled: "Canceled"
        case .declined: "Not covered"
        }
    }
}
