/// The counties as they lie on the map, made ready once for windows of any part of it.
package struct MapBase: Sendable {
    private struct County: Sendable {
        var fips: String
        var name: String
        var state: String
        var rings: [[CountyShapes.Step]]
        var box: MapBox
    }
    private struct Arc: Sendable {
        var points: [MapFrame.Point]
        var box: MapBox
        /// Whether it lies between counties of one state.
        var isInner: Bool
    }
    private struct State: Sendable {
        var box: MapBox
        /// The borders of its counties that are no others' of it.
        var rings: [[CountyShapes.Step]]
    }

    private let counties: [County]
    /// `nil` for one that no county of the map has.
    private let arcs: [Arc?]
    private let states: [String: State]

    package init(_ shapes: CountyShapes) {
        var sides = [(states: Set<Substring>, region: MapRegion?, count: Int)](
            repeating: ([], nil, 0), count: shapes.arcs.count)
        for county in shapes.counties {
            guard let region = MapRegion(stateFIPS: county.stateFIPS) else { continue }
            for step in county.rings.joined() {
                sides[step.arc].states.insert(county.stateFIPS)
                sides[step.arc].region = region
                sides[step.arc].count += 1
            }
        }
        let arcs = zip(shapes.arcs, sides).map { arc, side -> Arc? in
            guard let region = side.region else { return nil }
            let points = arc.map { MapFrame.place($0, in: region) }
            guard let box = MapBox(points.map { MapPoint(x: $0.x, y: $0.y) }) else { return nil }
            return Arc(points: points, box: box, isInner: side.count > 1 && side.states.count == 1)
        }
        var (states, outlines): ([String: State], [String: [CountyShapes.Step]]) = ([:], [:])
        var counties: [County] = []
        for county in shapes.counties {
            var box: MapBox?
            for step in county.rings.joined() {
                guard let arc = arcs[step.arc] else { continue }
                if box == nil { box = arc.box } else { box?.add(arc.box) }
            }
            guard let box else { continue }
            let state = shapes.state(of: county)
            counties.append(
                County(fips: county.fips, name: county.name, state: state, rings: county.rings, box: box))
            states[state, default: State(box: box, rings: [])].box.add(box)
            outlines[state, default: []] += county.rings.joined().filter { arcs[$0.arc]?.isInner == false }
        }
        for (state, steps) in outlines { states[state]?.rings = Self.rings(of: steps, shapes) }
        self.arcs = arcs
        self.states = states
        self.counties = counties
    }

    /// Puts steps together that follow one another, until each comes round.
    private static func rings(of steps: [CountyShapes.Step], _ shapes: CountyShapes) -> [[CountyShapes.Step]] {
        func end(_ step: CountyShapes.Step, isFirst: Bool) -> CountyShapes.Position? {
            let arc = shapes.arcs[step.arc]
            return isFirst == step.isBackwards ? arc.last : arc.first
        }
        var following: [CountyShapes.Position: [CountyShapes.Step]] = [:]
        for step in steps { if let start = end(step, isFirst: true) { following[start, default: []].append(step) } }
        var rings: [[CountyShapes.Step]] = []
        for first in steps {
            guard let start = end(first, isFirst: true), following[start]?.contains(first) == true else { continue }
            var (ring, place) = ([CountyShapes.Step](), start)
            while let next = following[place]?.popLast(), let last = end(next, isFirst: false) {
                ring.append(next)
                place = last
                if place == start { break }
            }
            rings.append(ring)
        }
        return rings
    }

    /// The codes of the states that it has.
    package var stateCodes: [String] { states.keys.sorted() }

    /// Around a state, by its USPS code.
    package func box(ofState code: String) -> MapBox? { states[code]?.box }

    /// The USPS code of a county's state.
    package func state(ofCounty fips: String) -> String? { counties.first { $0.fips == fips }?.state }

    /// Around a county, by its FIPS code.
    package func box(ofCounty fips: String) -> MapBox? { counties.first { $0.fips == fips }?.box }

    // MARK: A window

    /// What a window shows, apart from the requests.
    package struct Layers: Sendable {
        /// A county that is covered, at least in part.
        package struct Area: Sendable {
            package var path: String
            /// How much of it, from 1 to 4.
            package var step: Int
            package var title: String
        }
        package struct Name: Sendable {
            package var x: Int
            package var y: Int
            package var text: String
        }

        package var areas: [Area] = []
        /// Of all states, as areas.
        package var land = ""
        package var countyBorders = ""
        package var stateBorders = ""
        /// Around what lies elsewhere: Alaska, Hawaii, Puerto Rico.
        package var insets = ""
        /// Of states or, nearer, of counties.
        package var names: [Name] = []
    }

    /// From here on counties have borders and names.
    private static let countiesFrom = 2

    /// - Parameter covered: how much of a county is covered, more than 0 and at most 1, by its FIPS code.
    package func layers(in window: MapWindow, covered: [String: Double]) -> Layers {
        var layers = Layers()
        let shown = counties.filter { window.shows($0.box) }
        let grain = window.zoom < Self.countiesFrom ? 1 : 10
        for county in shown {
            guard let share = covered[county.fips], share > 0 else { continue }
            var data = PathData(grain: grain)
            for ring in county.rings { data.add(points(of: ring, in: window), isClosed: true) }
            guard !data.isEmpty else { continue }
            let part = share >= 1 ? "covered" : "covered in part, \(Int(max(share, 0.01) * 100)) %"
            layers.areas.append(
                .init(
                    path: data.text, step: Shading.step(share) + 1, title: "\(county.name), \(county.state): \(part)"))
        }
        var (inner, outer, land) = (PathData(grain: grain), PathData(grain: grain), PathData(grain: grain))
        for case let arc? in arcs where window.shows(arc.box) {
            guard !arc.isInner || window.zoom >= Self.countiesFrom else { continue }
            let points = arc.points.map { placed($0, in: window) }
            if arc.isInner { inner.add(points, isClosed: false) } else { outer.add(points, isClosed: false) }
        }
        for state in states.sorted(by: { $0.key < $1.key }).map(\.value) where window.shows(state.box) {
            for ring in state.rings { land.add(points(of: ring, in: window), isClosed: true) }
        }
        (layers.countyBorders, layers.stateBorders, layers.land) = (inner.text, outer.text, land.text)
        var insets = PathData(grain: 1)
        for inset in MapFrame.insets {
            let corners = [(0.0, 0.0), (1, 0), (1, 1), (0, 1)].map { right, down in
                MapFrame.Point(x: inset.x + right * inset.width, y: inset.y + down * inset.height)
            }
            insets.add(corners.map { placed($0, in: window) }, isClosed: true)
        }
        layers.insets = insets.text
        layers.names =
            window.zoom < Self.countiesFrom
            ? states.compactMap { name($0.key, $0.value.box, in: window) }
            : shown.compactMap { name($0.name, $0.box, in: window) }
        layers.names.sort { ($0.text, $0.x) < ($1.text, $1.x) }
        return layers
    }

    /// Where its name fits.
    private func name(_ text: String, _ box: MapBox, in window: MapWindow) -> Layers.Name? {
        let (first, last) = (
            window.place(MapPoint(x: box.left, y: box.top)), window.place(MapPoint(x: box.right, y: box.bottom))
        )
        guard last.x - first.x >= Double(text.count) * 11, last.y - first.y >= 20 else { return nil }
        let (x, y) = ((first.x + last.x) / 2, (first.y + last.y) / 2)
        guard (20...(MapWindow.width - 20)).contains(x), (20...(MapWindow.height - 20)).contains(y) else { return nil }
        return .init(x: Int(x), y: Int(y), text: text)
    }

    private func placed(_ point: MapFrame.Point, in window: MapWindow) -> MapFrame.Point {
        let place = window.place(MapPoint(x: point.x, y: point.y))
        return MapFrame.Point(x: place.x, y: place.y)
    }

    private func points(of ring: [CountyShapes.Step], in window: MapWindow) -> [MapFrame.Point] {
        var points: [MapFrame.Point] = []
        for step in ring {
            guard let arc = arcs[step.arc] else { continue }
            let rest = points.isEmpty ? 0 : 1
            let part = arc.points.map { placed($0, in: window) }
            if step.isBackwards {
                points += part.reversed().dropFirst(rest)
            } else {
                points += part.dropFirst(rest)
            }
        }
        return points
    }
}
