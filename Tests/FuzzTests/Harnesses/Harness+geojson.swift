import Contracts

@testable import DecisionService
@testable import Operator

extension Harness {
    static let geojson = Harness(
        "geojson", "areas of coverage, and addresses, a line each or not; an area has features or says what is wrong"
    ) { input in
        let bytes = input.bytes
        let areas = GeoJSONAreas(bytes, idProperty: bytes.count.isMultiple(of: 2) ? nil : "name")
        demand(!areas.features.isEmpty || !areas.problems.isEmpty, "areas, or why not")
        if areas.problems.isEmpty {
            for polygon in areas.features.flatMap(\.polygons) {
                for point in [(-95.37, 29.76), (0, 0), (180, 90), (-180, -90)] {
                    let position = Position(x: point.0, y: point.1)
                    _ = polygon.covers(position)
                    _ = polygon.nearestEdge(in: LocalPlane(origin: position), within: 10)
                }
            }
        }
        for isLines in [true, false] {
            var isRead = false
            var reader = GeoJSONReader(path: "fuzz", isLines: isLines) {
                defer { isRead = true }
                return isRead ? [] : bytes
            }
            while (try? reader.next()) == true { _ = reader.row.count }
        }
    }
}
