import Contracts
import ServiceRuntime

/// Reads the rings of GeoJSON polygons (RFC 7946, section 3.1.6), and collects what is wrong with them.
///
/// A ring's winding order does not matter. A line over more than half of the globe is taken for one across the
/// antimeridian. These are mended, with a warning: a ring that is not closed by less than a centimetre, a spike, a ring
/// that is less than a metre wide, lines that cross by less than a metre, a ring that is written twice or goes round
/// twice, holes that overlap. What else crosses is a problem: what is inside is then not what was drawn.
struct GeoJSONRings {
    private(set) var problems: [String] = []
    private(set) var warnings: [(path: String, text: String)] = []

    /// What is this wide is no area that anybody meant, kilometres.
    private static let sliver = 0.001
    /// Ends of a ring that are no farther apart are one position, kilometres: programs round to the seventh digit.
    private static let closed = 0.000_01
    /// Nobody lives south of it, degrees: longitudes of America that stand where latitudes belong do.
    private static let southernmost = -60.0

    mutating func report(_ path: String, _ problem: String) { problems.append("\(path): \(problem)") }

    /// The parts of a MultiPolygon. A part that is written twice counts once, and parts that overlap cover what either
    /// does.
    mutating func polygons(_ values: [JSONValue], _ path: String) -> [Polygon] {
        var parts: [(polygon: Polygon, outer: [Position], path: String)] = []
        var first: [[[Position]]: String] = [:]
        for (index, value) in values.enumerated() {
            let path = "\(path)[\(index)]"
            guard let (polygon, rings) = polygonAndRings(value, path) else { continue }
            if let earlier = first.updateValue(path, forKey: rings.map(RingOverlaps.key)) {
                warnings.append((path, "is the same polygon as \(earlier), and counts once"))
            } else {
                parts.append((polygon, rings[0], path))
            }
        }
        let tree = BoxTree(parts.map(\.polygon.box))
        for (index, part) in parts.enumerated() {
            var found: Int?
            tree.visit {
                found == nil && $0.overlaps(part.polygon.box)
            } _: { other in
                let polygon = parts[other].polygon
                guard found == nil, other != index, polygon.box.overlaps(part.polygon.box) else { return }
                if RingOverlaps.reaches(part.outer, into: polygon.holdsWithin) { found = other }
            }
            guard let found else { continue }
            let (one, other) = (parts[min(index, found)].path, parts[max(index, found)].path)
            warnings.append((other, "overlaps \(one); what is in either is covered"))
            break
        }
        return parts.map(\.polygon)
    }

    /// `nil` when it is none, with problems added; or when nothing is left of it, with a warning.
    mutating func polygon(_ value: JSONValue?, _ path: String) -> Polygon? { polygonAndRings(value, path)?.polygon }

    private mutating func polygonAndRings(
        _ value: JSONValue?, _ path: String
    ) -> (polygon: Polygon, rings: [[Position]])? {
        guard case .array(let items)? = value else {
            report(path, "must be a list of rings that is not empty")
            return nil
        }
        guard !items.isEmpty else {
            warnings.append((path, "is empty, and is left out"))
            return nil
        }
        let before = problems.count
        var rings: [(positions: [Position], path: String)] = []
        for (index, item) in items.enumerated() {
            let path = "\(path)[\(index)]"
            guard var ring = ring(item, path, isOuter: index == 0) else { continue }
            if let once = RingOverlaps.once(ring) {
                warnings.append((path, "goes round more than once, and counts once"))
                ring = once
            }
            let spike = Self.removeSpikes(&ring)
            let width = Self.width(of: ring)
            // The loops of a bow tie take each other's area away: it is no sliver for that.
            if width < Self.sliver { checkCrossings(of: [(ring, path)]) }
            guard problems.count == before else { continue }
            guard width >= Self.sliver else {
                let what =
                    width == 0 ? "encloses nothing: all its positions are on one line" : "is less than a metre wide"
                warnings.append((path, "\(what); the \(index == 0 ? "polygon" : "hole") is left out"))
                continue
            }
            if let spike { warnings.append(("\(path)[\(spike)]", "is the end of a spike, which is left out")) }
            rings.append((ring, path))
        }
        guard problems.count == before, rings.first?.path == "\(path)[0]" else { return nil }
        placeHoles(of: &rings)
        dropCopies(among: &rings)
        checkCrossings(of: rings)
        guard problems.count == before else { return nil }
        let outer = Polygon(rings: [rings[0].positions])
        for hole in rings.dropFirst() where !hole.positions.contains(where: outer.covers) {
            report(hole.path, "is a hole that lies outside of its polygon")
        }
        guard problems.count == before else { return nil }
        if let (one, other) = RingOverlaps.firstPair(of: rings.dropFirst().map(\.positions)) {
            warnings.append(
                (rings[other + 1].path, "overlaps the hole \(rings[one + 1].path); what is in either is out"))
        }
        if let text = Self.elsewhere(rings[0].positions) { warnings.append((rings[0].path, text)) }
        let positions = rings.map(\.positions)
        return (Polygon(rings: positions), positions)
    }

    /// The boxes that the states and territories lie in: longitudes and latitudes.
    private static let country: [(ClosedRange<Double>, ClosedRange<Double>)] = [
        // The states, Puerto Rico and the Virgin Islands; the Aleutians beyond the antimeridian; Guam, the Northern
        // Marianas and Wake; American Samoa.
        (-180 ... -64, 17...72), (172...180, 50...54), (144...167, 13...21), (-172 ... -168, -15 ... -10),
    ]

    /// What to say of an area that lies nowhere near: mostly its longitudes have lost their minus.
    private static func elsewhere(_ ring: [Position]) -> String? {
        guard let south = ring.map(\.y).min(), let north = ring.map(\.y).max() else { return nil }
        return elsewhere(longitudes: span(ring), latitudes: south...north)
    }

    /// - Returns: `nil` for what touches the states or territories.
    static func elsewhere(
        longitudes: ClosedRange<Double>, latitudes: ClosedRange<Double>
    ) -> String? {
        let isNear = [-360.0, 0, 360].contains { shift in
            country.contains { west, heights in
                let moved = longitudes.lowerBound + shift...longitudes.upperBound + shift
                return west.overlaps(moved) && heights.overlaps(latitudes)
            }
        }
        guard !isNear else { return nil }
        let mirrored = country[0].0.overlaps(-longitudes.upperBound ... -longitudes.lowerBound)
        let hint = mirrored && country[0].1.overlaps(latitudes) ? ": have the longitudes lost their minus?" : ""
        return "lies outside of the United States and their territories, where no address is\(hint)"
    }

    /// A hole that was written on the other side of the antimeridian goes to where its polygon is.
    private func placeHoles(of rings: inout [(positions: [Position], path: String)]) {
        let outer = Self.span(rings[0].positions)
        for index in rings.indices.dropFirst() {
            let hole = Self.span(rings[index].positions)
            let shift = hole.lowerBound < outer.lowerBound ? 360.0 : hole.upperBound > outer.upperBound ? -360 : 0
            let moved = hole.lowerBound + shift...hole.upperBound + shift
            if shift != 0, outer.contains(moved.lowerBound), outer.contains(moved.upperBound) {
                rings[index].positions = rings[index].positions.map { Position(x: $0.x + shift, y: $0.y) }
            }
        }
    }

    /// Merged files hold rings twice, from another position on or the other way round.
    private mutating func dropCopies(among rings: inout [(positions: [Position], path: String)]) {
        guard rings.count > 1 else { return }
        var first: [[Position]: String] = [:]
        rings.removeAll { ring in
            let key = RingOverlaps.key(ring.positions)
            guard let path = first[key] else {
                first[key] = ring.path
                return false
            }
            warnings.append((ring.path, "is the same ring as \(path), and counts once"))
            return true
        }
    }

    private mutating func ring(_ value: JSONValue, _ path: String, isOuter: Bool) -> [Position]? {
        guard case .array(let items) = value else {
            report(path, "must be a list of positions")
            return nil
        }
        let before = problems.count
        var ring: [Position] = []
        ring.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            if let problem = Self.add(item, to: &ring) { report("\(path)[\(index)]", problem) }
        }
        guard problems.count == before else { return nil }
        guard ring.count >= 4 else {
            let count = ring.isEmpty ? "is empty" : "has \(ring.count) position\(ring.count == 1 ? "" : "s")"
            // Three corners that are not closed are an area, and may have lost more.
            if ring.count < 3 || ring[0] == ring[2] || ring[0] == ring[1] || ring[1] == ring[2] {
                warnings.append(
                    (path, "\(count) and encloses nothing; the \(isOuter ? "polygon" : "hole") is left out"))
            } else {
                report(path, "\(count); a ring has four or more")
            }
            return nil
        }
        guard close(&ring, path) else { return nil }
        guard Self.straighten(&ring) else {
            report(path, "goes round a pole; cut it at the antimeridian")
            return nil
        }
        return ring
    }

    private mutating func close(_ ring: inout [Position], _ path: String) -> Bool {
        guard let first = ring.first, let last = ring.last, first != last else { return true }
        let gap = LocalPlane(origin: first).squaredDistance(from: last, to: last).squareRoot()
        guard gap <= Self.closed else {
            report(path, "is not closed: its last position is not its first, but \(Self.length(gap)) away")
            return false
        }
        ring[ring.count - 1] = first
        warnings.append((path, "is closed: its last position lay less than a centimetre from its first"))
        return true
    }

    /// - Returns: what is wrong with the position.
    private static func add(_ value: JSONValue, to ring: inout [Position]) -> String? {
        guard case .array(let numbers) = value, numbers.count >= 2, case .number(let first) = numbers[0],
            case .number(let second) = numbers[1], let longitude = Double(first), let latitude = Double(second)
        else { return "must be a longitude and a latitude" }
        guard (-180...180).contains(longitude) else {
            let isProjected = abs(longitude) > 1000 || abs(latitude) > 1000
            return "the longitude \(shown(first)) is not from -180 to 180"
                + (isProjected ? ": metres or feet of a projection; export it in WGS 84 degrees" : "")
        }
        guard (-90...90).contains(latitude) else {
            return "the latitude \(shown(second)) is not from -90 to 90; the longitude stands first"
        }
        guard latitude > southernmost else {
            return "the latitude \(shown(second)) lies in the Antarctic; the longitude stands first"
        }
        ring.append(Position(x: longitude, y: latitude))
        return nil
    }

    private static func shown(_ number: String) -> String { CoverageProblems.shown(number) }

    private static func length(_ kilometres: Double) -> String {
        let metres = kilometres * 1000
        return metres < 10
            ? "\((metres * 100).rounded() / 100) m"
            : metres < 10_000 ? "\(Int(clamping: metres)) m" : "\(Int(clamping: kilometres)) km"
    }

    /// Lets a ring that crosses the antimeridian go on beyond ±180.
    /// - Returns: whether it comes back to where it began.
    private static func straighten(_ ring: inout [Position]) -> Bool {
        var shift = 0.0
        var previous = ring[0].x
        for index in ring.indices {
            let x = ring[index].x
            if x - previous > 180 { shift -= 360 }
            if previous - x > 180 { shift += 360 }
            previous = x
            ring[index].x = x + shift
        }
        return shift == 0
    }

    /// Takes out positions that stand there twice, and those to which a line only goes and comes back.
    /// - Returns: the place of the first such end of a spike.
    private static func removeSpikes(_ ring: inout [Position]) -> Int? {
        var kept: [(position: Position, index: Int)] = []
        var first: Int?
        for (index, position) in ring.enumerated() {
            if kept.last?.position == position { continue }
            kept.append((position, index))
            while kept.count >= 3, isSpike(kept[kept.count - 3].position, kept[kept.count - 2].position, position) {
                first = min(first ?? .max, kept[kept.count - 2].index)
                kept.remove(at: kept.count - 2)
                // Back where it came from.
                if kept[kept.count - 2].position == position { kept.removeLast() }
            }
        }
        // The ring's first position may be the end of one, too.
        while kept.count >= 4, isSpike(kept[kept.count - 2].position, kept[0].position, kept[1].position) {
            first = first ?? 0
            kept.removeFirst()
            kept[kept.count - 1] = kept[0]
            if kept[kept.count - 2].position == kept[0].position { kept.removeLast() }
        }
        ring = kept.map(\.position)
        return first
    }

    private static func isSpike(_ start: Position, _ middle: Position, _ end: Position) -> Bool {
        let back = (start.x - middle.x) * (end.x - middle.x) + (start.y - middle.y) * (end.y - middle.y)
        return back > 0 && Orientation.side(of: end, from: start, to: middle) == 0
    }

    /// How wide a ring is on the average, kilometres: its area over half of its length.
    private static func width(of ring: [Position]) -> Double {
        guard let first = ring.first else { return 0 }
        let plane = LocalPlane(origin: first)
        var (area, length) = (0.0, 0.0)
        for (start, end) in zip(ring, ring.dropFirst()) {
            let (from, to) = (plane.kilometres(to: start), plane.kilometres(to: end))
            area += (from.east * to.north - to.east * from.north) / 2
            let (east, north) = (to.east - from.east, to.north - from.north)
            length += (east * east + north * north).squareRoot()
        }
        return length > 0 ? abs(area) * 2 / length : 0
    }

    private static func span(_ ring: [Position]) -> ClosedRange<Double> {
        let longitudes = ring.map(\.x)
        return (longitudes.min() ?? 0)...(longitudes.max() ?? 0)
    }

    /// Looks for lines of the polygon that cross each other; touching is no crossing.
    private mutating func checkCrossings(of rings: [(positions: [Position], path: String)]) {
        var lines: [(start: Position, end: Position, ring: Int, index: Int)] = []
        for (ring, item) in rings.enumerated() {
            for index in item.positions.indices.dropLast() {
                lines.append((item.positions[index], item.positions[index + 1], ring, index))
            }
        }
        let boxes = lines.map { line in
            var box = Box()
            box.enclose(line.start)
            box.enclose(line.end)
            return box
        }
        let tree = BoxTree(boxes)
        /// Of each ring the lines by which it touches itself.
        var touching: [Int: Set<Int>] = [:]
        for (number, line) in lines.enumerated() {
            var other: Int?
            tree.visit {
                other == nil && $0.overlaps(boxes[number])
            } _: { candidate in
                guard other == nil, candidate > number, boxes[candidate].overlaps(boxes[number]) else { return }
                let second = lines[candidate]
                if Self.cross(line.start, line.end, second.start, second.end) {
                    other = candidate
                } else if second.ring == line.ring, second.start != line.end, second.end != line.start,
                    Self.touch(line.start, line.end, second.start, second.end)
                {
                    touching[line.ring, default: []].formUnion([line.index, second.index])
                }
            }
            guard let other else { continue }
            let (path, crossed) = ("\(rings[line.ring].path)[\(line.index)]", lines[other])
            let place = "\(rings[crossed.ring].path)[\(crossed.index)]"
            if Self.isShallow(line.start, line.end, crossed.start, crossed.end) {
                warnings.append((path, "the line from here crosses the one from \(place) by less than a metre"))
            } else {
                report(path, "the line from here crosses the one from \(place)")
                return
            }
        }
        for (ring, indices) in touching.sorted(by: { $0.key < $1.key })
        where RingOverlaps.enclosesTwice(rings[ring].positions, besideLinesFrom: indices) {
            warnings.append((rings[ring].path, "goes round a part of its area more than once, which counts once"))
        }
    }

    /// Whether an end of one of the lines lies on the other.
    private static func touch(_ a: Position, _ b: Position, _ c: Position, _ d: Position) -> Bool {
        [(a, c, d), (b, c, d), (c, a, b), (d, a, b)].contains { point, start, end in
            Orientation.side(of: point, from: start, to: end) == 0
                && (min(start.x, end.x)...max(start.x, end.x)).contains(point.x)
                && (min(start.y, end.y)...max(start.y, end.y)).contains(point.y)
        }
    }

    private static func cross(_ a: Position, _ b: Position, _ c: Position, _ d: Position) -> Bool {
        func parts(_ p: Position, _ q: Position, _ line: (Position, Position)) -> Bool {
            let one = Orientation.side(of: p, from: line.0, to: line.1)
            let two = Orientation.side(of: q, from: line.0, to: line.1)
            return one > 0 && two < 0 || one < 0 && two > 0
        }
        return parts(a, b, (c, d)) && parts(c, d, (a, b))
    }

    /// Whether an end of one of the lines lies within a metre of the other.
    private static func isShallow(_ a: Position, _ b: Position, _ c: Position, _ d: Position) -> Bool {
        [(a, c, d), (b, c, d), (c, a, b), (d, a, b)].contains { point, start, end in
            LocalPlane(origin: point).squaredDistance(from: start, to: end) < sliver * sliver
        }
    }
}
