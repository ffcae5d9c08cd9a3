import Contracts

/// The page that `ContractTool docs` writes: one file that needs nothing else.
struct ContractPage {
    let document: AsyncAPIDocument
    let schemas: SchemaSet
    let needs: FieldNeeds

    func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(document.info.title.escapedForHTML)</title>
        <style>\(Self.style)</style></head><body>
        <h1>\(document.info.title.escapedForHTML) <small>\(document.info.version.escapedForHTML)</small></h1>
        \(paragraphs(document.info.description))
        <figure>\(FlowPicture(document: document).svg())<figcaption>A dot says it, a tip takes it.</figcaption></figure>
        \(EventType.allCases.map(section).joined())
        </body></html>

        """
    }

    private func section(_ type: EventType) -> String {
        guard let schema = schemas.schemas[ContractDocuments.fileName(type)] else { return "" }
        let versions = schema.object("x-versions").members.map {
            "<li><b>\($0.name.escapedForHTML)</b> \(code($0.value.text))</li>"
        }
        return """
            <section id="\(type.rawValue.escapedForHTML)">
            <h2>\(type.rawValue.escapedForHTML)</h2>
            <p><b>\(code(schema.string("title") ?? "")).</b> \(code(schema.string("description") ?? ""))</p>
            <p>Said by \(names(document.services("send", type))). Taken by \(names(document.services("receive", type))).
            Schema <code>\((schema.string("$id") ?? "").escapedForHTML)</code>.</p>
            <table><thead><tr><th>Field</th><th>Type</th><th>Unit</th><th>What it is</th><th>Since</th>\
            <th>Needed by</th></tr></thead>
            <tbody>
            \(rows(schema, root: schema, type, under: "").joined(separator: "\n"))
            </tbody></table>
            \(example(schema))
            <h3>Versions</h3><ul>\(versions.joined())</ul>
            </section>

            """
    }

    /// - Parameter before: the version since which the fields around these are there.
    private func rows(
        _ schema: JSONObject, root: JSONObject, _ type: EventType, under path: String, since before: String = "1.0"
    ) -> [String] {
        let required = Set(schema.strings("required"))
        return schema.object("properties").members.flatMap { member -> [String] in
            guard case .object(let written) = member.value else { return [] }
            let field = written.resolved(in: root)
            let name = path + member.name
            let since = written.string("x-since") ?? before
            let readers = needs.services(type, name).map(\.escapedForHTML).joined(separator: "<br>")
            let row = """
                <tr><td><code>\(name.escapedForHTML)</code>\
                \(required.contains(member.name) ? "" : " <i>optional</i>")</td>\
                <td>\(kind(field, root))</td><td>\((field.string("x-unit") ?? "").escapedForHTML)</td>\
                <td>\(what(field))</td><td>\(since.escapedForHTML)</td><td>\(readers)</td></tr>
                """
            let elements = field.object("items").resolved(in: root)
            return [row] + rows(field, root: root, type, under: name + ".", since: since)
                + rows(elements, root: root, type, under: name + "[].", since: since)
        }
    }

    private func kind(_ field: JSONObject, _ root: JSONObject) -> String {
        var kind = field.string("type") ?? ""
        if kind == "array" { kind += " of \(field.object("items").resolved(in: root).string("type") ?? "anything")s" }
        if let format = field.string("format") { kind = format }
        let (least, most) = (field["minimum"]?.text, field["maximum"]?.text)
        if least != nil || most != nil { kind += " \(least ?? "")…\(most ?? "")" }
        if let pattern = field.string("pattern") { kind += " \(pattern)" }
        return kind.escapedForHTML
    }

    private func what(_ field: JSONObject) -> String {
        var text = code(field.string("description") ?? field.string("title") ?? "")
        let known = field.object("x-known-values").members
        if !known.isEmpty {
            let values = known.map { value in
                let meaning = value.value.text
                return "<code>\(value.name.escapedForHTML)</code>" + (meaning.isEmpty ? "" : " \(code(meaning))")
            }
            text += "<br><small>\(values.joined(separator: "; "))</small>"
        }
        let closed = field.strings("enum").map { "<code>\($0.escapedForHTML)</code>" }
        if !closed.isEmpty { text += "<br><small>one of \(closed.joined(separator: ", "))</small>" }
        if case .bool(true)? = field["x-personal"] { text += " <b>Personal.</b>" }
        return text
    }

    private func example(_ schema: JSONObject) -> String {
        guard case .array(let examples)? = schema["examples"], let first = examples.first else { return "" }
        return "<h3>Example</h3><pre>\(first.indentedText().escapedForHTML)</pre>"
    }

    private func names(_ services: [String]) -> String {
        services.isEmpty ? "nobody" : services.map(\.escapedForHTML).joined(separator: ", ")
    }

    private func paragraphs(_ text: String) -> String {
        text.split(separator: "\n\n").map { "<p>\(code(String($0)))</p>" }.joined(separator: "\n")
    }

    /// Text with `code` in backticks.
    private func code(_ text: String) -> String {
        text.escapedForHTML.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index.isMultiple(of: 2) ? String(part) : "<code>\(part)</code>"
        }.joined()
    }

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1d2733;\
        background:#fff}
        h2{margin-top:3rem;border-top:1px solid #cfd7e0;padding-top:1rem}h3{font-size:1rem;margin:1rem 0 .3rem}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
        border-bottom:1px solid #e5eaf0}th{color:#5b6b7d;font-weight:600}\
        td:first-child,td:last-child{white-space:nowrap}
        code,pre{font:13px/1.45 ui-monospace,monospace}\
        pre{background:#f4f6f9;padding:.8rem;border-radius:6px;overflow:auto}
        i{color:#5b6b7d}small{color:#5b6b7d}figure{margin:2rem 0}figcaption{color:#5b6b7d}svg{width:100%;font-size:13px}
        .who{fill:#eaf1fb;stroke:#3b6fb6}.life{stroke:#cfd7e0;stroke-dasharray:3 3}\
        .said{stroke:#3b6fb6;stroke-width:1.6}
        .says{fill:#3b6fb6}.tip{fill:#3b6fb6}.event{font-family:ui-monospace,monospace;fill:#1d2733}
        """
}

extension String {
    /// With HTML's special characters as references.
    var escapedForHTML: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        return text
    }
}

extension JSONValue {
    /// JSON for people, two spaces for each level; members in their order.
    func indentedText(_ level: Int = 0) -> String {
        let inner = String(repeating: "  ", count: level + 1)
        let outer = String(repeating: "  ", count: level)
        switch self {
        case .string(let text): return Self.quoted(text)
        case .number, .bool, .null: return text
        case .array(let values):
            guard !values.isEmpty else { return "[]" }
            let lines = values.map { inner + $0.indentedText(level + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        case .object(let object):
            guard !object.members.isEmpty else { return "{}" }
            let lines = object.members.map {
                "\(inner)\(Self.quoted($0.name)): \($0.value.indentedText(level + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}
