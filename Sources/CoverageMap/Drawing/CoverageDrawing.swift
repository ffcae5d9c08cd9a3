/// The map of what organisations cover, and of where requests came from, as an SVG 1.1 document. Does no I/O.
package struct CoverageDrawing: Sendable {
    package var title: String
    /// Below the title: e.g. the version of the coverage.
    package var subtitle: String
    package var shadings: [Shading]
    /// `nil` for a map without requests.
    package var requests: RequestDots?
    package var credit: String

    package init(
        title: String, subtitle: String, shadings: [Shading], requests: RequestDots?, credit: String = ShapesFile.credit
    ) {
        self.title = title
        self.subtitle = subtitle
        self.shadings = shadings
        self.requests = requests
        self.credit = credit
    }

    /// The same for the same values: a drawing under version control changes only when what it shows does.
    package func svg(_ shapes: CountyShapes) -> String {
        let (width, height) = (SVGText.number(MapFrame.width), SVGText.number(MapFrame.height))
        var lines = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif">
            """,
            "<title id=\"title\">\(SVGText.escaped(title))</title>",
            "<desc id=\"desc\">\(SVGText.escaped(description))</desc>",
            "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>",
        ]
        let layers = MapLayers(shapes)
        lines.append("<path fill=\"#efece4\" d=\"\(layers.land)\"/>")
        for (index, shading) in shadings.enumerated() { lines += area(shading, index, shapes, layers) }
        for (colour, width, path) in [("#b9b3a4", ".3", layers.countyBorders), ("#6f6a5e", ".9", layers.stateBorders)] {
            let stroke = "stroke=\"\(colour)\" stroke-width=\"\(width)\" stroke-linejoin=\"round\""
            lines.append("<path fill=\"none\" \(stroke) d=\"\(path)\"/>")
        }
        for inset in MapFrame.insets {
            lines.append(
                """
                <rect x="\(SVGText.number(inset.x))" y="\(SVGText.number(inset.y))" \
                width="\(SVGText.number(inset.width))" height="\(SVGText.number(inset.height))" \
                rx="4" fill="none" stroke="#d5d0c3"/>
                """)
        }
        if let requests { lines += dots(requests) }
        lines += MapLegend(drawing: self).lines
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private var description: String {
        var sentences = shadings.map { shading in
            let whole = shading.counties.values.count { $0 >= 1 }
            return "\(shading.name) covers \(whole) counties as a whole and \(shading.counties.count - whole) in part."
        }
        if let requests {
            sentences.append("\(requests.shown) requests are shown as dots.")
        }
        return sentences.isEmpty ? "No organization covers anything." : sentences.joined(separator: " ")
    }

    private func area(_ shading: Shading, _ index: Int, _ shapes: CountyShapes, _ layers: MapLayers) -> [String] {
        var lines = ["<g fill=\"\(Shading.colour(index))\">"]
        for county in shapes.counties {
            guard let share = shading.counties[county.fips], share > 0, let path = layers.path(of: county.fips) else {
                continue
            }
            let name = SVGText.escaped("\(county.name), \(shapes.state(of: county)): \(shading.name)")
            let part = share >= 1 ? "" : ", \(Int(max(share, 0.01) * 100)) %"
            lines.append(
                """
                <path fill-opacity="\(Shading.steps[Shading.step(share)].opacity)" d="\(path)">\
                <title>\(name)\(part)</title></path>
                """)
        }
        return lines + ["</g>"]
    }

    /// The largest first, so that none is hidden behind another.
    private func dots(_ requests: RequestDots) -> [String] {
        var lines = ["<g stroke=\"#111\" stroke-width=\".7\" fill-opacity=\".85\">"]
        let order = requests.places.sorted { left, right in
            (-left.value, left.key.x, left.key.y, left.key.answer.rawValue)
                < (-right.value, right.key.x, right.key.y, right.key.answer.rawValue)
        }
        for (place, count) in order {
            let text = "\(count) \(count == 1 ? "request" : "requests") \(place.answer.label)"
            lines.append(
                """
                <circle cx="\(SVGText.tenths(place.x))" cy="\(SVGText.tenths(place.y))" \
                r="\(SVGText.number(RequestDots.radius(count)))" fill="\(place.answer.colour)">\
                <title>\(text)</title></circle>
                """)
        }
        return lines + ["</g>"]
    }
}
