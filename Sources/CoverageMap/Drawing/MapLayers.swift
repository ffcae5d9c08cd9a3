/// The shapes as paths on the drawing.
struct MapLayers {
    /// All of the land.
    private(set) var land = ""
    /// Between counties of one state.
    private(set) var countyBorders = ""
    /// Between states, and along the coasts.
    private(set) var stateBorders = ""
    private var paths: [String: String] = [:]

    init(_ shapes: CountyShapes) {
        var sides = [(states: Set<Substring>, region: MapRegion?, count: Int)](
            repeating: ([], nil, 0), count: shapes.arcs.count)
        for county in shapes.counties {
            guard let region = MapRegion(stateFIPS: county.stateFIPS) else { continue }
            var data = PathData()
            for ring in county.rings {
                data.add(shapes.points(of: ring).map { MapFrame.place($0, in: region) }, isClosed: true)
                for step in ring {
                    sides[step.arc].states.insert(county.stateFIPS)
                    sides[step.arc].region = region
                    sides[step.arc].count += 1
                }
            }
            paths[county.fips] = data.text
            land += data.text
        }
        var (inner, outer) = (PathData(), PathData())
        for (arc, side) in zip(shapes.arcs, sides) {
            guard let region = side.region else { continue }
            let points = arc.map { MapFrame.place($0, in: region) }
            if side.count > 1, side.states.count == 1 {
                inner.add(points, isClosed: false)
            } else {
                outer.add(points, isClosed: false)
            }
        }
        countyBorders = inner.text
        stateBorders = outer.text
    }

    /// `nil` for a county that the map does not show.
    func path(of fips: String) -> String? { paths[fips].flatMap { $0.isEmpty ? nil : $0 } }
}
