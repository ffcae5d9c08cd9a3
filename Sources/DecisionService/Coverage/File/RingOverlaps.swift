/// Finds rings that are written more than once, and those that overlap without crossing each other: merged and exported
/// files have them. What is covered is their union all the same, see `Polygon`; but somebody should know.
enum RingOverlaps {
    /// Of long rings as many positions are looked at: it is about a warning.
    private static let mostSamples = 1000

    /// A ring that goes round twice or more, or there and back on the same line, as it would be once; `nil` for one
    /// that does not.
    /// - Parameter ring: closed.
    static func once(_ ring: [Position]) -> [Position]? {
        let count = ring.count - 1
        guard count >= 6 else { return nil }
        for length in 3...count / 2 where ring[length] == ring[0] {
            let isRepeated = count % length == 0 && (0..<count - length).allSatisfy { ring[$0] == ring[$0 + length] }
            let isThereAndBack = length * 2 == count && (0...length).allSatisfy { ring[$0] == ring[count - $0] }
            if isRepeated || isThereAndBack { return Array(ring[...length]) }
        }
        return nil
    }

    /// The same for every way to write a ring: wherever it begins, and whichever way round it goes.
    /// - Parameter ring: closed.
    static func key(_ ring: [Position]) -> [Position] {
        let open = ring.dropLast()
        let isBefore = { (one: Position, other: Position) in (one.x, one.y) < (other.x, other.y) }
        guard let first = open.indices.min(by: { isBefore(open[$0], open[$1]) }) else { return [] }
        let key = open[first...] + open[..<first]
        guard let next = key.dropFirst().first, let last = key.last, isBefore(last, next) else { return Array(key) }
        return key.prefix(1) + key.dropFirst().reversed()
    }

    /// Whether a part of one ring's line lies within what encloses the other.
    /// - Parameter isInside: whether a point lies within the other, and not on its border.
    static func reaches(_ ring: [Position], into isInside: (Position) -> Bool) -> Bool {
        let step = max(1, ring.count / mostSamples)
        return stride(from: 0, to: ring.count - 1, by: step).contains { index in
            let (start, end) = (ring[index], ring[index + 1])
            return isInside(start) || isInside(Position(x: (start.x + end.x) / 2, y: (start.y + end.y) / 2))
        }
    }

    /// The first pair of rings of which one reaches into the other.
    static func firstPair(of rings: [[Position]]) -> (Int, Int)? {
        let compiled = rings.map(Ring.init)
        let tree = BoxTree(compiled.map(\.box))
        for (index, ring) in compiled.enumerated() {
            var found: Int?
            tree.visit {
                found == nil && $0.overlaps(ring.box)
            } _: { other in
                guard found == nil, other != index, compiled[other].box.overlaps(ring.box) else { return }
                if reaches(rings[index], into: { compiled[other].place(of: $0) == .inside }) { found = other }
            }
            if let found { return (min(index, found), max(index, found)) }
        }
        return nil
    }

    /// Whether the ring encloses something more than once next to one of these lines, where it touches itself.
    static func enclosesTwice(_ ring: [Position], besideLinesFrom indices: Set<Int>) -> Bool {
        guard !indices.isEmpty else { return false }
        let compiled = Ring(ring)
        return indices.contains { index in
            let (start, end) = (ring[index], ring[index + 1])
            // A centimetre to either side of its middle.
            let (east, north) = (end.x - start.x, end.y - start.y)
            let length = max(abs(east), abs(north))
            let offset = min(1e-7, length / 1000) / length
            let middle = Position(x: (start.x + end.x) / 2, y: (start.y + end.y) / 2)
            let turns = [-offset, offset].map { offset in
                compiled.turns(around: Position(x: middle.x - north * offset, y: middle.y + east * offset)) ?? 0
            }
            // The same on both sides: the line is a cut that leads to a hole.
            return turns[0] != turns[1] && !turns.contains(0)
        }
    }
}
