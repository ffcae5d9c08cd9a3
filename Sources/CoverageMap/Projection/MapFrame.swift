/// Where on the drawing a place is, pixels from the top left.
struct MapFrame: Sendable {
    struct Point: Sendable, Hashable {
        var x: Double
        var y: Double
    }

    /// A region's projection, and where its origin lies on the drawing.
    private struct Sheet: Sendable {
        var projection: Albers
        /// Pixels for a radius of the earth.
        var scale: Double
        var centre: Point
    }

    static let width = 1200.0
    static let height = 860.0
    /// Around the insets: left, top, width, height.
    static let insets: [(x: Double, y: Double, width: Double, height: Double)] = [
        (20, 588, 232, 144), (262, 640, 142, 92), (1000, 662, 150, 70),
    ]

    static func place(_ position: CountyShapes.Position, in region: MapRegion) -> Point {
        let sheet = sheet(region)
        let point = sheet.projection.project(position)
        return Point(x: sheet.centre.x + point.x * sheet.scale, y: sheet.centre.y - point.y * sheet.scale)
    }

    private static func sheet(_ region: MapRegion) -> Sheet {
        switch region {
        case .contiguous: contiguous
        case .alaska: alaska
        case .hawaii: hawaii
        case .puertoRico: puertoRico
        }
    }

    private static let contiguous = Sheet(
        projection: Albers(parallels: (29.5, 45.5), origin: .init(longitude: -96, latitude: 38.2)), scale: 1530,
        centre: Point(x: 608, y: 426))
    /// At a quarter of the size of the others.
    private static let alaska = Sheet(
        projection: Albers(parallels: (55, 65), origin: .init(longitude: -154, latitude: 61)), scale: 375,
        centre: Point(x: 153, y: 664))
    private static let hawaii = Sheet(
        projection: Albers(parallels: (8, 18), origin: .init(longitude: -157.5, latitude: 20.6)), scale: 1200,
        centre: Point(x: 332, y: 685))
    /// At twice the size: it would be a few dots.
    private static let puertoRico = Sheet(
        projection: Albers(parallels: (8, 18), origin: .init(longitude: -66.05, latitude: 18.15)), scale: 2300,
        centre: Point(x: 1075, y: 697))
}
