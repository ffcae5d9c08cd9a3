import Contracts

/// A part of the map, enlarged. Its picture is as large as the whole map's, whatever part it shows: places in it are
/// pixels of that.
package struct MapWindow: Sendable, Equatable, LosslessStringConvertible {
    package static let width = MapFrame.width
    package static let height = MapFrame.height
    package static let zooms = 0...10

    /// It shows a part of the map that is smaller by two to this power.
    package let zoom: Int
    /// Its middle on the whole map, tenths of pixels.
    private let x: Int
    private let y: Int

    package static let whole = MapWindow(zoom: 0, x: 0, y: 0)

    /// Moved so that it lies on the map as a whole.
    private init(zoom: Int, x: Int, y: Int) {
        let zoom = min(max(zoom, Self.zooms.lowerBound), Self.zooms.upperBound)
        func bounded(_ value: Int, _ size: Double) -> Int {
            let half = Int(size * 5) >> zoom
            return min(max(value, half), Int(size * 10) - half)
        }
        self.zoom = zoom
        self.x = bounded(x, Self.width)
        self.y = bounded(y, Self.height)
    }

    /// As an address has it: `3,6080,4260`.
    package init?(_ description: String) {
        guard description.utf8.count <= 20 else { return nil }
        let parts = description.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let zoom = Int(foreign: parts[0], in: Self.zooms),
            let x = Int(foreign: parts[1], in: 0...Int(Self.width * 10)),
            let y = Int(foreign: parts[2], in: 0...Int(Self.height * 10))
        else { return nil }
        self.init(zoom: zoom, x: x, y: y)
    }

    package var description: String { "\(zoom),\(x),\(y)" }

    private var factor: Double { Double(1 << zoom) }
    private var left: Double { Double(x) / 10 - Self.width / factor / 2 }
    private var top: Double { Double(y) / 10 - Self.height / factor / 2 }

    // MARK: Moving it

    /// The same middle, nearer or farther.
    package func zoomed(by steps: Int) -> MapWindow { MapWindow(zoom: zoom + steps, x: x, y: y) }

    /// - Parameters: parts of its own size, to the right and down.
    package func moved(_ right: Double, _ down: Double) -> MapWindow {
        MapWindow(
            zoom: zoom, x: x + Int(right * Self.width * 10 / factor), y: y + Int(down * Self.height * 10 / factor))
    }

    /// The nearest one that shows all of a box with a margin.
    package static func fitting(_ box: MapBox, atMost most: Int = zooms.upperBound) -> MapWindow {
        let zoom =
            zooms.prefix { $0 <= most }.last { zoom in
                let factor = Double(1 << zoom)
                return box.width * 1.15 <= width / factor && box.height * 1.15 <= height / factor
            } ?? 0
        return MapWindow(
            zoom: zoom, x: Int((box.left + box.right) * 5), y: Int((box.top + box.bottom) * 5))
    }

    // MARK: Places

    /// Where on the whole map a place is; `nil` for one that the map does not show.
    package static func point(_ latitude: Double, _ longitude: Double) -> MapPoint? {
        let position = CountyShapes.Position(longitude: longitude, latitude: latitude)
        guard let region = MapRegion(of: position) else { return nil }
        let point = MapFrame.place(position, in: region)
        return MapPoint(x: point.x, y: point.y)
    }

    /// Where in its picture a point of the whole map is.
    package func place(_ point: MapPoint) -> MapPoint {
        MapPoint(x: (point.x - left) * factor, y: (point.y - top) * factor)
    }

    package func shows(_ point: MapPoint) -> Bool {
        let place = place(point)
        return (0...Self.width).contains(place.x) && (0...Self.height).contains(place.y)
    }

    func shows(_ box: MapBox) -> Bool {
        let (first, last) = (place(MapPoint(x: box.left, y: box.top)), place(MapPoint(x: box.right, y: box.bottom)))
        return first.x <= Self.width && last.x >= 0 && first.y <= Self.height && last.y >= 0
    }
}

/// Pixels, of the whole map or of a window's picture.
package struct MapPoint: Sendable, Equatable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// What points of the whole map lie in.
package struct MapBox: Sendable, Equatable {
    package private(set) var left: Double
    package private(set) var right: Double
    package private(set) var top: Double
    package private(set) var bottom: Double

    package var width: Double { right - left }
    package var height: Double { bottom - top }
    package var middle: MapPoint { MapPoint(x: (left + right) / 2, y: (top + bottom) / 2) }

    package init(_ point: MapPoint) { (left, right, top, bottom) = (point.x, point.x, point.y, point.y) }

    /// `nil` for no points.
    package init?(_ points: some Sequence<MapPoint>) {
        var box: MapBox?
        for point in points { if box == nil { box = MapBox(point) } else { box?.add(point) } }
        guard let box else { return nil }
        self = box
    }

    package mutating func add(_ point: MapPoint) {
        (left, right) = (min(left, point.x), max(right, point.x))
        (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }

    package mutating func add(_ other: MapBox) {
        add(MapPoint(x: other.left, y: other.top))
        add(MapPoint(x: other.right, y: other.bottom))
    }
}
