/// The areas of an organisation's rules, indexed by where they are.
struct AreaMap: Sendable {
    struct Entry: Sendable {
        var area: Area
        var match: CoverageMatch
        /// Its place in the file: of two areas that cover a point, the first is named.
        var order: Int
    }

    private let entries: [Entry]
    private let boxes: [Box]
    private let tree: BoxTree

    init(_ areas: [(area: Area, match: CoverageMatch)] = []) {
        let entries = areas.enumerated().map { Entry(area: $1.area, match: $1.match, order: $0) }
        let sorted = Self.sortedByPlace(entries.map { (entry: $0, box: $0.area.box) })
        self.entries = sorted.map(\.entry)
        boxes = sorted.map(\.box)
        tree = BoxTree(boxes)
    }

    /// Any area that is used; `nil` when none is.
    func any(_ isUsed: (Entry) -> Bool) -> Entry? { entries.first(where: isUsed) }

    /// The first area that covers the point, in the file's order, and of what the date has in force.
    func first(covering point: Position, _ isUsed: (Entry) -> Bool) -> Entry? {
        var first: Entry?
        for point in copies(of: point) {
            tree.visit {
                $0.contains(point)
            } _: { index in
                let entry = entries[index]
                if boxes[index].contains(point), entry.order < first?.order ?? .max, isUsed(entry),
                    entry.area.covers(point)
                {
                    first = entry
                }
            }
        }
        return first
    }

    /// The area whose edge is nearest to the point, and how far that is, kilometres; `nil` when none is nearer than
    /// `limit`.
    func nearest(to point: Position, within limit: Double, _ isUsed: (Entry) -> Bool) -> (entry: Entry, Double)? {
        var nearest = limit
        var found: Entry?
        for point in copies(of: point, near: 5) {
            let plane = LocalPlane(origin: point)
            tree.visit {
                plane.squaredDistance(to: $0) < nearest * nearest
            } _: { index in
                guard plane.squaredDistance(to: boxes[index]) < nearest * nearest, isUsed(entries[index]),
                    let distance = entries[index].area.nearestEdge(in: plane, within: nearest)
                else { return }
                (nearest, found) = (distance, entries[index])
            }
        }
        return found.map { ($0, nearest) }
    }

    /// The point, and the same one 360° further where areas cross the antimeridian or end near it.
    private func copies(of point: Position, near margin: Double = 0) -> [Position] {
        guard let bounds = tree.bounds else { return [] }
        var copies = [point]
        if bounds.maxX > 180 - margin, point.x <= -180 + margin || bounds.maxX >= point.x + 360 {
            copies.append(Position(x: point.x + 360, y: point.y))
        }
        if bounds.minX < -180 + margin, point.x >= 180 - margin || bounds.minX <= point.x - 360 {
            copies.append(Position(x: point.x - 360, y: point.y))
        }
        return copies
    }

    /// Neighbours in the list become neighbours on the map: strips from west to east, each from south to north.
    private static func sortedByPlace(_ items: [(entry: Entry, box: Box)]) -> [(entry: Entry, box: Box)] {
        let strips = (Double(items.count) / 8).squareRoot().rounded(.up)
        guard strips > 1 else { return items }
        let length = Int((Double(items.count) / strips).rounded(.up))
        let eastwards = items.sorted { $0.box.middle.x < $1.box.middle.x }
        return stride(from: 0, to: items.count, by: length).flatMap { start in
            eastwards[start..<min(start + length, items.count)].sorted { $0.box.middle.y < $1.box.middle.y }
        }
    }
}
