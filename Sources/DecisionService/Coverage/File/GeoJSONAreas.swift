import Contracts
import ServiceRuntime

/// The polygons of a GeoJSON file (RFC 7946): a Polygon, a MultiPolygon, a Feature, or a FeatureCollection.
///
/// Each ring must be closed and have four positions or more. Its winding order does not matter, and where it crosses itself the
/// even-odd rule says what is inside. A line over more than half of the globe is taken for one across the antimeridian.
struct GeoJSONAreas: Sendable {
    struct Feature: Sendable {
        /// What the rule calls it; `nil` for the only one of a file.
        var name: String?
        var polygons: [Polygon] = []
    }

    private(set) var features: [Feature] = []
    /// What is wrong, each with where it stands in the file.
    private(set) var problems: [String] = []
    private let idProperty: String?

    /// - Parameter idProperty: the property that names each feature; `name`, or else the feature's id, when it is not given.
    init(_ bytes: [UInt8], idProperty: String?) {
        self.idProperty = idProperty
        let root: JSONValue
        do throws(MalformedJSON) {
            root = try JSONValue(parsing: bytes)
        } catch {
            let line = error.offset.map { offset in 1 + bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") } }
            problems = [line.map { "line \($0): is not JSON" } ?? "which is not UTF-8"]
            return
        }
        guard case .object(let object) = root else {
            problems = ["which is no GeoJSON object"]
            return
        }
        if !Self.isWGS84(object["crs"]) {
            problems.append("crs: only WGS 84 degrees can be read, EPSG:4326 or CRS84")
        }
        if object["type"] == .string("FeatureCollection") {
            readCollection(object)
        } else {
            read(object, "", number: nil)
        }
    }

    private mutating func readCollection(_ object: JSONObject) {
        guard case .array(let items)? = object["features"], !items.isEmpty else {
            problems.append("features: must be a list that is not empty")
            return
        }
        for (index, item) in items.enumerated() {
            let path = "features[\(index)]"
            if case .object(let feature) = item, feature["type"] == .string("Feature") {
                read(feature, path, number: items.count > 1 ? index + 1 : nil)
            } else {
                problems.append("\(path): is no Feature")
            }
        }
    }

    /// Reads a feature, or a geometry alone.
    /// - Parameter number: its place among several, from 1.
    private mutating func read(_ object: JSONObject, _ path: String, number: Int?) {
        guard object["type"] == .string("Feature") else {
            features.append(Feature(polygons: polygons(of: object, path)))
            return
        }
        let name = name(of: object, path, number: number)
        let geometryPath = Self.joined(path, "geometry")
        guard case .object(let geometry)? = object["geometry"] else {
            problems.append("\(geometryPath): is missing")
            return
        }
        features.append(Feature(name: name, polygons: polygons(of: geometry, geometryPath)))
    }

    private mutating func name(of feature: JSONObject, _ path: String, number: Int?) -> String? {
        var properties: JSONObject?
        if case .object(let object)? = feature["properties"] { properties = object }
        if let idProperty {
            if let name = Self.text(properties?[idProperty]) { return name }
            let place = Self.joined(path, "properties.\(CoverageProblems.shown(idProperty))")
            problems.append("\(place): must be a text or a number, as id_property says")
            return nil
        }
        return Self.text(properties?["name"]) ?? Self.text(feature["id"]) ?? number.map { "#\($0)" }
    }

    private mutating func polygons(of geometry: JSONObject, _ path: String) -> [Polygon] {
        let coordinates = Self.joined(path, "coordinates")
        var reader = GeoJSONRings()
        defer { problems += reader.problems }
        switch geometry["type"] {
        case .string("Polygon"):
            return [reader.polygon(geometry["coordinates"], coordinates)].compactMap(\.self)
        case .string("MultiPolygon"):
            guard case .array(let items)? = geometry["coordinates"], !items.isEmpty else {
                problems.append("\(coordinates): must be a list of polygons that is not empty")
                return []
            }
            return items.enumerated().compactMap { reader.polygon($1, "\(coordinates)[\($0)]") }
        default:
            problems.append("\(Self.joined(path, "type")): must be Polygon or MultiPolygon: nothing else is an area")
            return []
        }
    }

    /// The name of the coordinate system is that of GeoJSON 2008; what has none is WGS 84.
    private static func isWGS84(_ value: JSONValue?) -> Bool {
        guard let value, value != .null else { return true }
        guard case .object(let crs) = value, case .object(let properties)? = crs["properties"],
            let name = text(properties["name"])
        else { return false }
        return name.hasSuffix("CRS84") || name.hasSuffix(":4326")
    }

    private static func joined(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// At most 100 characters, so that a decision can carry it.
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: text.isEmpty ? nil : String(text.prefix(100))
        case .number(let text)?: String(text.prefix(100))
        default: nil
        }
    }
}
