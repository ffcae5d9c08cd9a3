import Contracts
import CoverageMap
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages

/// Where the requests of a list are, over what the organisation covers.
extension DeskRoom {
    /// How many requests by themselves are named: the others are called what they are.
    private static let mostNamed = 150

    /// The newest so many of a list are on the map, or some more.
    private static let mostShown = 12_000

    @Sendable func map(
        _ request: Request, _ context: BasicRequestContext, _ visitor: SignInRoom.Visitor
    ) async throws -> Response {
        guard let base else {
            throw Problem(
                status: .serviceUnavailable, code: "no-map", detail: "The map's borders are not beside the program.")
        }
        let now = now()
        let search = DeskSearchForm(request, visitor)
        var query = search.query(today: Day(now))
        query.after = nil
        query.limit = Self.mostShown
        let found = try await store.deskMap(query)
        let counts = try await store.deskCounts(of: visitor.organization, today: query.today)
        var (areas, trouble): (CoverageBoard.Areas?, String?)
        do throws(PeerProblem) { areas = try await coverage.areas(of: visitor.organization) } catch {
            context.logger.warning("The coverage cannot be shown.", metadata: ["error": "\(error.text)"])
            trouble = "What you cover cannot be shown at the moment."
        }
        let places = DeskMapPlaces(found.points)
        let window = Self.window(request, places, base)
        let clusters = places.clusters(in: window)
        let names = try await store.requests(
            numbered: clusters.lazy.filter { $0.points.count == 1 }.prefix(Self.mostNamed).map { $0.points[0].number })
        var view = DeskMapView(
            clusters, names: Dictionary(names.map { ($0.id, $0) }) { first, _ in first }, window,
            base.layers(in: window, covered: areas?.counties ?? [:]), search, found)
        view.trouble = trouble
        view.tabs = Self.tabs(search, counts, at: "/desk/map")
        view.counties = view.counties(places, covered: areas?.counties ?? [:], base, search)
        view.states = base.stateCodes.map { Choice(value: $0, label: $0) }
        view.isCovered = areas.map { !$0.counties.isEmpty } ?? false
        return html("desk-map", frame("Map", visitor, .map, counts: counts), view)
    }

    /// What is asked for; else what shows all that was found.
    private static func window(_ request: Request, _ places: DeskMapPlaces, _ base: MapBase) -> MapWindow {
        let parameters = request.uri.queryParameters
        if let state = parameters.get("to"), let box = base.box(ofState: state.uppercased()) {
            return .fitting(box)
        }
        if let window = parameters.get("at").flatMap(MapWindow.init) { return window }
        // Near enough to see where it is, and not so near that nothing is around it.
        return places.box.map { .fitting($0, atMost: 4) } ?? .whole
    }
}

/// Requests with their points on the whole map.
struct DeskMapPlaces: Sendable {
    struct Place: Sendable {
        var point: DeskMapPoint
        var at: MapPoint
    }
    /// Requests that lie close together in a window's picture.
    struct Cluster: Sendable {
        var points: [DeskMapPoint]
        /// In the window's picture.
        var middle: MapPoint
        /// On the whole map.
        var box: MapBox
    }

    private(set) var places: [Place]
    /// How many have a point, and the map does not show it.
    private(set) var beyond = 0

    init(_ points: [DeskMapPoint]) {
        places = []
        for point in points {
            if let at = MapWindow.point(point.latitude, point.longitude) {
                places.append(Place(point: point, at: at))
            } else {
                beyond += 1
            }
        }
    }

    var box: MapBox? { MapBox(places.lazy.map(\.at)) }

    /// Of a picture's width, and its height.
    private static let (columns, rows) = (14, 10)

    /// The radius of the largest dot, and a little more.
    private static let reach = 46.0

    /// At most one in each cell of a grid, the largest first, and no two so near that one covers the other's middle.
    func clusters(in window: MapWindow) -> [Cluster] {
        let (width, height) = (
            MapWindow.width / Double(Self.columns), MapWindow.height / Double(Self.rows)
        )
        var cells: [Int: (points: [DeskMapPoint], x: Double, y: Double, box: MapBox)] = [:]
        for place in places where window.shows(place.at) {
            let at = window.place(place.at)
            let cell = min(Int(at.y / height), Self.rows - 1) * Self.columns + min(Int(at.x / width), Self.columns - 1)
            if var known = cells[cell] {
                cells[cell] = nil
                known.points.append(place.point)
                known.x += at.x
                known.y += at.y
                known.box.add(place.at)
                cells[cell] = known
            } else {
                cells[cell] = ([place.point], at.x, at.y, MapBox(place.at))
            }
        }
        var clusters: [Cluster] = []
        for (_, cell) in cells.sorted(by: { ($1.value.points.count, $0.key) < ($0.value.points.count, $1.key) }) {
            let count = Double(cell.points.count)
            let middle = MapPoint(x: cell.x / count, y: cell.y / count)
            let near = clusters.firstIndex { hypot($0.middle.x - middle.x, $0.middle.y - middle.y) < Self.reach }
            if let near {
                clusters[near].points += cell.points
                clusters[near].box.add(cell.box)
            } else {
                clusters.append(Cluster(points: cell.points, middle: middle, box: cell.box))
            }
        }
        return clusters
    }
}
