import ServiceRuntime
import Yams

extension BlockReader {
    /// Adds the areas of GeoJSON files: each item is a file's name, or a mapping with more.
    mutating func addPolygons(_ list: Node, _ sources: inout CoverageSources) {
        for (path, item) in items(of: list, "\(path).polygons", &sources.problems) {
            if let file = YAMLTree.text(item), !file.isEmpty {
                addPolygons(of: file, nil, nil, path, item, &sources)
                continue
            }
            guard item.mapping != nil else {
                sources.problems.report(path, item, "must be the name of a GeoJSON file, or {file: …}")
                continue
            }
            let known = ["file", "name", "id_property"]
            guard let mapping = sources.problems.fields(of: item, at: path, known: known) else { continue }
            var texts: [String: String] = [:]
            for (key, node) in mapping.sorted(by: { $0.key < $1.key }) {
                if let text = YAMLTree.text(node), (1...255).contains(text.count) {
                    texts[key] = text
                } else {
                    sources.problems.report("\(path).\(key)", node, "must be a text of 1 to 255 characters")
                }
            }
            if mapping["file"] == nil { sources.problems.report("\(path).file", item, "is missing") }
            guard let file = texts["file"] else { continue }
            addPolygons(of: file, texts["name"], texts["id_property"], path, item, &sources)
        }
    }

    private mutating func addPolygons(
        of file: String, _ name: String?, _ idProperty: String?, _ path: String, _ node: Node,
        _ sources: inout CoverageSources
    ) {
        guard let bytes = sources.bytes(of: file, at: path, node) else { return }
        let areas = GeoJSONAreas(bytes, idProperty: idProperty)
        sources.problems.report(path, node, file: file, areas.problems)
        sources.problems.warn(path, node, file: file, areas.warnings)
        let name = name ?? Self.stem(file)
        for feature in areas.features {
            let rule = CoverageRule.polygon(feature.name.map { "\(name)/\($0)" } ?? name)
            for polygon in feature.polygons { rules.add(.polygon(polygon), rule) }
        }
    }

    /// `areas/north.geojson` is `north`.
    private static func stem(_ file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        for ending in [".geojson", ".json"] where last.lowercased().hasSuffix(ending) && last.count > ending.count {
            return String(last.dropLast(ending.count))
        }
        return last
    }

    /// Adds circles: a mapping, or a list of them.
    mutating func addCircles(_ node: Node, _ sources: inout CoverageSources) {
        if node.mapping != nil { return addCircle(node, "\(path).radius", &sources.problems) }
        for (path, item) in items(of: node, "\(path).radius", &sources.problems) {
            addCircle(item, path, &sources.problems)
        }
    }

    private mutating func addCircle(_ node: Node, _ path: String, _ problems: inout CoverageProblems) {
        let keys: [(name: String, range: ClosedRange<Double>)] = [
            ("lat", -90...90), ("lon", -180...180), ("km", 0.001...5_000),
        ]
        let known = keys.map(\.name) + ["name"]
        guard let mapping = problems.fields(of: node, at: path, known: known) else { return }
        var numbers: [Double] = []
        for (key, range) in keys {
            guard let node = mapping[key] else {
                problems.report("\(path).\(key)", node, "is missing")
                continue
            }
            if let number = node.scalar.flatMap({ Double($0.string) }), range.contains(number) {
                numbers.append(number)
            } else {
                let ends = "\(range.lowerBound.formatted) to \(range.upperBound.formatted)"
                problems.report("\(path).\(key)", node, "must be a number from \(ends)")
            }
        }
        let name = YAMLTree.text(mapping["name"])
        if let node = mapping["name"], !(1...100).contains(name?.count ?? 0) {
            problems.report("\(path).name", node, "must be a text of 1 to 100 characters")
        }
        guard numbers.count == keys.count else { return }
        let centre = Position(x: numbers[1], y: numbers[0])
        if let text = GeoJSONRings.elsewhere(
            longitudes: centre.x...centre.x, latitudes: centre.y...centre.y)
        {
            problems.warn(path, node, "its centre \(text)")
        }
        rules.add(
            .circle(Circle(centre: centre, kilometres: numbers[2])),
            .radius(name ?? "\(numbers[0].formatted),\(numbers[1].formatted)", numbers[2]))
    }
}

extension Double {
    /// Without the fraction of a whole number.
    fileprivate var formatted: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
