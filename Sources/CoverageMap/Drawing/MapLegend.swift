/// Title, legend and credit of the drawing.
struct MapLegend {
    let drawing: CoverageDrawing

    /// Pixels.
    private static let left = 24.0
    private static let columnWidth = 290.0
    private static let longestName = 30

    var lines: [String] {
        var lines = [
            text(drawing.title, x: Self.left, y: 36, size: 24, weight: "600"),
            text(drawing.subtitle, x: Self.left, y: 58, size: 13, colour: "#555"),
        ]
        for (index, shading) in drawing.shadings.prefix(8).enumerated() {
            lines += organization(shading, index, column: index % 4, row: index / 4)
        }
        if drawing.shadings.count > 8 {
            lines.append(
                text(
                    "and \(drawing.shadings.count - 8) more", x: Self.left + 4 * Self.columnWidth - 100, y: 816,
                    size: 12, colour: "#555"))
        }
        if let requests = drawing.requests { lines += answers(requests) }
        lines.append(
            text(drawing.credit, x: MapFrame.width - Self.left, y: 848, size: 11, colour: "#777", anchor: "end"))
        return lines
    }

    /// Four squares, from little to all, and the name.
    private func organization(_ shading: Shading, _ index: Int, column: Int, row: Int) -> [String] {
        let x = Self.left + Double(column) * Self.columnWidth
        let y = 780 + Double(row) * 24
        var lines = Shading.steps.enumerated().map { step, value in
            """
            <rect x="\(SVGText.number(x + Double(step) * 14))" y="\(SVGText.number(y))" width="14" height="14" \
            fill="\(Shading.colour(index))" fill-opacity="\(value.opacity)"><title>\(value.label)</title></rect>
            """
        }
        let name =
            shading.name.count > Self.longestName ? shading.name.prefix(Self.longestName - 1) + "…" : shading.name[...]
        lines.append(text(String(name), x: x + 64, y: y + 12, size: 13))
        return lines
    }

    private func answers(_ requests: RequestDots) -> [String] {
        var lines: [String] = []
        var x = Self.left
        for answer in RequestDots.Answer.allCases {
            lines.append(
                """
                <circle cx="\(SVGText.number(x + 6))" cy="844" r="5" fill="\(answer.colour)" stroke="#111" \
                stroke-width=".8"/>
                """)
            let label = "\(requests.count(answer)) \(answer.label)"
            lines.append(text(label, x: x + 16, y: 848, size: 12))
            x += 40 + 7 * Double(label.count)
        }
        if requests.notShown > 0 {
            lines.append(
                text("\(requests.notShown) without a place on this map", x: x, y: 848, size: 12, colour: "#555"))
        }
        return lines
    }

    private func text(
        _ content: String, x: Double, y: Double, size: Int, weight: String = "400", colour: String = "#222",
        anchor: String = "start"
    ) -> String {
        """
        <text x="\(SVGText.number(x))" y="\(SVGText.number(y))" font-size="\(size)" font-weight="\(weight)" \
        fill="\(colour)" text-anchor="\(anchor)">\(SVGText.escaped(content))</text>
        """
    }
}
