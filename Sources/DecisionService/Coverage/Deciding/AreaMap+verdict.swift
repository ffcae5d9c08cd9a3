import Contracts
import Foundation

extension AreaMap {
    /// How far away an area's edge is worth telling, kilometres.
    private static let neighbourhood = 100.0
    /// How many times as far as it is uncertain a coarse location must be from every area to lie outside of them.
    private static let coarseMargin = 3.0

    /// What the areas say of the place. Its location is a disc: as wide as it is uncertain.
    func verdict(for place: PlaceToDecide, _ isInForce: (CoverageMatch) -> Bool) -> CoverageVerdict {
        let isUsed = { (entry: Entry) in isInForce(entry.match) }
        guard let any = any(isUsed) else { return .no(nearest: nil) }
        guard let location = place.location else { return .open(.coarse(any.match.rule)) }
        let certainty = LocationCertainty(location)
        let point = Position(x: location.longitude, y: location.latitude)
        if let entry = first(covering: point, isUsed) {
            guard certainty.decidesAreas else { return .open(.coarse(entry.match.rule)) }
            return inside(entry, point, certainty.kilometres, isUsed)
        }
        let reach = certainty.kilometres * (certainty.decidesAreas ? 1 : Self.coarseMargin)
        guard let (entry, distance) = nearest(to: point, within: max(Self.neighbourhood, reach), isUsed) else {
            return .no(nearest: nil)
        }
        let near = NearArea(rule: entry.match.rule, kilometres: distance)
        if distance >= reach { return .no(nearest: near) }
        return certainty.decidesAreas ? .probablyNot(.edge(near)) : .open(.coarse(entry.match.rule))
    }

    private func inside(
        _ entry: Entry, _ point: Position, _ uncertainty: Double, _ isUsed: (Entry) -> Bool
    ) -> CoverageVerdict {
        // Any copy of the point does: an edge near one of them is near.
        let near = nearest(to: point, within: uncertainty) { $0.order == entry.order }
        guard let (_, distance) = near, !isSurrounded(point, uncertainty, isUsed) else { return .holds(entry.match) }
        return .probably(entry.match, .edge(NearArea(rule: entry.match.rule, kilometres: distance)))
    }

    /// Whether the areas cover what is around the point, together: the edge between two zones is no end of what is
    /// covered. Looks at 24 points of the disc.
    private func isSurrounded(_ point: Position, _ radius: Double, _ isUsed: (Entry) -> Bool) -> Bool {
        let plane = LocalPlane(origin: point)
        return [(radius, 16), (radius / 2, 8)].allSatisfy { radius, count in
            (0..<count).allSatisfy { step in
                let angle = 2 * Double.pi * Double(step) / Double(count)
                let position = plane.position(east: radius * cos(angle), north: radius * sin(angle))
                return first(covering: position, isUsed) != nil
            }
        }
    }
}
