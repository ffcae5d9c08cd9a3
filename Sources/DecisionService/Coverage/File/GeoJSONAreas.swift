import Contracts
import ServiceRuntime

/// The polygons of a GeoJSON file (RFC 7946): of a Polygon, a MultiPolygon, a GeometryCollection, a Feature, or a
/// FeatureCollection.
///
/// Files of cities and counties hold flaws that change nothing of what is covered, such as a hole of centimetres: they
/// are mended, each with a warning. What would cover another place than was meant is a problem; see `GeoJSONRings`.
struct GeoJSONAreas: Sendable {
    struct Feature: Sendable {
        /// What the rule calls it; `nil` for the only one of a file.
        var name: String?
        var polygons: [Polygon] = []
    }

    private(set) var features: [Feature] = []
    /// What is wrong, each with where it stands in the file.
    private(set) var problems: [String] = []
    /// What was left out or mended, each with where it stands and its feature's name.
    private(set) var warnings: [String] = []
    private let idProperty: String?

    /// Geometries within geometries, as deep as anybody needs. (RFC 7946, section 3.1.8, advises against any.)
    private static let deepestCollection = 8

    /// - Parameters:
    ///   - bytes: JSON; a byte order mark is passed over.
    ///   - idProperty: the property that names each feature; `name`, or else the feature's id, when it is not given.
    init(_ bytes: [UInt8], idProperty: String?) {
        self.idProperty = idProperty
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
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
            problems.append("crs: only WGS 84 degrees can be read (EPSG:4326, CRS84), or NAD 83 (EPSG:4269)")
        }
        if object["type"] == .string("FeatureCollection") {
            readCollection(object)
        } else {
            read(object, "", number: nil)
        }
        if problems.isEmpty, features.allSatisfy(\.polygons.isEmpty) {
            problems.append(warnings.last ?? "holds no area")
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
            features.append(Feature(polygons: polygons(of: object, path, of: nil)))
            return
        }
        let name = name(of: object, path, number: number)
        let geometryPath = Self.joined(path, "geometry")
        switch object["geometry"] {
        case .object(let geometry)?:
            // Beside areas, what is none is left out; alone it is a mistake.
            features.append(
                Feature(name: name, polygons: polygons(of: geometry, geometryPath, of: name, isAlone: number == nil)))
        // A feature that is nowhere: RFC 7946, section 3.2.
        case .null?, nil: warn(geometryPath, name, "is missing: the feature is left out")
        default: problems.append("\(geometryPath): is missing")
        }
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

    /// - Parameters:
    ///   - feature: the name of the feature that it belongs to.
    ///   - isAlone: whether the file has nothing else.
    ///   - depth: how many collections it stands in.
    private mutating func polygons(
        of geometry: JSONObject, _ path: String, of feature: String?, isAlone: Bool = true, depth: Int = 0
    ) -> [Polygon] {
        let coordinates = Self.joined(path, "coordinates")
        switch geometry["type"] {
        case .string("Polygon"):
            return read(geometry["coordinates"], coordinates, feature) { reader, value in
                [reader.polygon(value, coordinates)].compactMap(\.self)
            }
        case .string("MultiPolygon"):
            return read(geometry["coordinates"], coordinates, feature) { reader, value in
                guard case .array(let items)? = value else {
                    reader.report(coordinates, "must be a list of polygons that is not empty")
                    return []
                }
                return reader.polygons(items, coordinates)
            }
        case .string("GeometryCollection"):
            return collection(geometry, path, feature, depth)
        case .string("Point"), .string("MultiPoint"), .string("LineString"), .string("MultiLineString"):
            guard depth > 0 || !isAlone else { break }
            warn(path, feature, "is no area, and is left out")
            return []
        default: break
        }
        problems.append("\(Self.joined(path, "type")): must be Polygon or MultiPolygon: nothing else is an area")
        return []
    }

    private mutating func collection(
        _ geometry: JSONObject, _ path: String, _ feature: String?, _ depth: Int
    ) -> [Polygon] {
        let list = Self.joined(path, "geometries")
        guard case .array(let items)? = geometry["geometries"] else {
            problems.append("\(list): must be a list of geometries")
            return []
        }
        guard depth < Self.deepestCollection else {
            problems.append("\(path): collections stand in each other more than \(Self.deepestCollection) deep")
            return []
        }
        if items.isEmpty { warn(list, feature, "is empty, and is left out") }
        var polygons: [Polygon] = []
        for (index, item) in items.enumerated() {
            if case .object(let item) = item {
                polygons += self.polygons(of: item, "\(list)[\(index)]", of: feature, depth: depth + 1)
            } else {
                problems.append("\(list)[\(index)]: is no geometry")
            }
        }
        return polygons
    }

    /// Coordinates that are an empty list are those of a geometry that is nowhere: RFC 7946, section 3.1.
    private mutating func read(
        _ value: JSONValue?, _ path: String, _ feature: String?,
        _ polygons: (inout GeoJSONRings, JSONValue?) -> [Polygon]
    ) -> [Polygon] {
        if case .array(let items)? = value, items.isEmpty {
            warn(path, feature, "is empty, and is left out")
            return []
        }
        var reader = GeoJSONRings()
        let result = polygons(&reader, value)
        problems += reader.problems
        for (path, text) in reader.warnings { warn(path, feature, text) }
        return result
    }

    private mutating func warn(_ path: String, _ feature: String?, _ text: String) {
        let name = feature.map { " (\(CoverageProblems.shown($0)))" } ?? ""
        warnings.append("\(path)\(name): \(text)")
    }

    /// WGS 84, and NAD 83 with its later realisations, in which American authorities publish: they lie within two
    /// metres of each other.
    private static let codes: Set = ["4326", "4979", "4269", "4152", "4759", "6318", "CRS84", "CRS83", "CRS84H"]

    /// The name of the coordinate system is that of GeoJSON 2008; what has none is WGS 84. It is `EPSG:4326`, a URN or
    /// an address of OGC's (`…/EPSG/0/4326`, `…epsg.xml#4326`), or a code alone, as old servers write it.
    private static func isWGS84(_ value: JSONValue?) -> Bool {
        guard let value, value != .null else { return true }
        guard case .object(let crs) = value, case .object(let properties)? = crs["properties"] else { return false }
        if crs["type"] == .string("EPSG") { return text(properties["code"]).map(codes.contains) ?? false }
        guard let name = text(properties["name"])?.uppercased() else { return false }
        let parts = name.split { ":/#".contains($0) }
        guard parts.count > 1 || name.hasPrefix("CRS"), let code = parts.last else { return false }
        let isNamed = code.hasPrefix("CRS") || parts.contains { $0.hasPrefix("EPSG") }
        return isNamed && codes.contains(String(code))
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
