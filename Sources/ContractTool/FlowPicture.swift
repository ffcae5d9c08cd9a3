import Contracts

/// The flow as a picture: a column for each who speaks, a row for each thing that is said.
struct FlowPicture {
    let document: AsyncAPIDocument

    private static let columns = [
        "partner", "ingest-service", "geocode-service", "decision-service", "callback-service", "operator",
    ]
    private static let columnWidth = 150
    private static let rowHeight = 34
    private static let top = 56
    private static let labelWidth = 240

    func svg() -> String {
        let rows = rows()
        let width = Self.labelWidth + Self.columns.count * Self.columnWidth
        let height = Self.top + rows.count * Self.rowHeight + 10
        var svg = """
            <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="Who says which event, and who takes it">
            <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" \
            orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" class="tip"/></marker></defs>

            """
        for column in Self.columns {
            let x = Self.x(column)
            svg += """
                <rect x="\(x - 66)" y="6" width="132" height="30" rx="6" class="who"/>\
                <text x="\(x)" y="26" text-anchor="middle">\(column.escapedForHTML)</text>\
                <line x1="\(x)" y1="36" x2="\(x)" y2="\(height)" class="life"/>

                """
        }
        for (index, row) in rows.enumerated() {
            svg += Self.svg(row, y: Self.top + index * Self.rowHeight + Self.rowHeight / 2)
        }
        return svg + "</svg>\n"
    }

    private struct Row {
        var label: String
        var link: String?
        var from: [String]
        var to: [String]
    }

    private func rows() -> [Row] {
        let events = EventType.allCases.map {
            Row(
                label: $0.rawValue, link: $0.rawValue, from: document.services("send", $0),
                to: document.services("receive", $0))
        }
        return [Row(label: "POST /api/requests", from: ["partner"], to: ["ingest-service"])] + events
            + [Row(label: "POST to the partner's URL", from: ["callback-service"], to: ["partner"])]
    }

    /// A line from everyone who says it to everyone who takes it: dots say, tips take.
    private static func svg(_ row: Row, y: Int) -> String {
        let label = row.label.escapedForHTML
        let text = "<text x=\"0\" y=\"\(y + 5)\" class=\"event\">\(label)</text>"
        var svg = row.link.map { "<a href=\"#\($0.escapedForHTML)\">\(text)</a>" } ?? text
        for source in row.from {
            for target in row.to where target != source {
                let (start, end) = (x(source), x(target))
                svg += """
                    <line x1="\(start)" y1="\(y)" x2="\(end)" y2="\(y)" class="said" marker-end="url(#tip)"/>
                    """
            }
            svg += "<circle cx=\"\(x(source))\" cy=\"\(y)\" r=\"5\" class=\"says\"/>"
        }
        return svg + "\n"
    }

    private static func x(_ column: String) -> Int {
        labelWidth + (columns.firstIndex(of: column) ?? 0) * columnWidth + columnWidth / 2
    }
}
