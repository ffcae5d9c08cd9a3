import ServiceRuntime
import Yams

/// Makes the page of an OpenAPI document.
struct OpenAPIPageWriter {
    typealias Page = OpenAPIPage

    private let reading: OpenAPIReading
    /// What every answer has, to be said once.
    private let everyHeader: Set<String>
    private var root: Node { reading.root }

    init(_ reading: OpenAPIReading) {
        self.reading = reading
        let answers = (reading.root["paths"]?.members ?? []).flatMap(\.node.members).flatMap { operation in
            (operation.node["responses"]?.members ?? []).map { reading.named($0.node).node }
        }
        let names = answers.map { Set(($0["headers"]?.members ?? []).map(\.name)) }
        everyHeader = names.dropFirst().reduce(names.first ?? []) { $0.intersection($1) }
    }

    func page() -> Page {
        let info = root["info"] ?? .nothing
        let some = (root["paths"]?.members ?? []).first?.node.members.first?.node["responses"]?.members.first
        let headers = some.map { self.headers(of: reading.named($0.node).node, ofEvery: true) } ?? []
        return Page(
            heading: info.string("title") ?? "", summary: info.string("summary") ?? "",
            version: info.string("version") ?? "", text: DescriptionText(info.string("description") ?? ""),
            tokens: reading.component("securitySchemes").map { name, node in
                Page.Token(
                    anchor: "token-\(name)", name: name, text: DescriptionText(node.string("description") ?? ""))
            },
            groups: groups(),
            answers: reading.component("responses").compactMap { name, node in
                guard let status = statuses(of: name).first, Self.isError(status) else { return nil }
                return answer(status, node, anchor: Self.answerAnchor(name))
            },
            headers: headers,
            schemas: reading.component("schemas").map { name, node in
                var field = self.field(name, node, isRequired: false, depth: 0)
                field.anchor = "schema-\(name)"
                return field
            })
    }

    // MARK: Operations

    private func groups() -> [Page.Group] {
        (root["tags"]?.elements ?? []).map { tag in
            let name = tag.string("name") ?? ""
            let calls = operations(of: root["paths"], taggedBy: name, isWebhook: false)
            let webhooks = operations(of: root["webhooks"], taggedBy: name, isWebhook: true)
            return Page.Group(
                anchor: "tag-\(name)", heading: name, text: DescriptionText(tag.string("description") ?? ""),
                operations: calls + webhooks)
        }
    }

    private func operations(of paths: Node?, taggedBy tag: String, isWebhook: Bool) -> [Page.Operation] {
        (paths?.members ?? []).flatMap { path, item in
            item.members.compactMap { method, node in
                guard method != "parameters", node.strings("tags").contains(tag) else { return nil }
                return operation(method, isWebhook ? "to your URL" : path, item, node, isWebhook: isWebhook)
            }
        }
    }

    private func operation(
        _ method: String, _ path: String, _ item: Node, _ node: Node, isWebhook: Bool
    ) -> Page.Operation {
        let parameters = ((item["parameters"]?.elements ?? []) + (node["parameters"]?.elements ?? [])).map(
            reading.named)
        let security = node["security"] ?? root["security"]
        let tokens = (security?.elements ?? []).flatMap { $0.members.map(\.name) }
        let call = OperationCall(
            method: method, path: path, parameters: parameters.map(\.node),
            body: node["requestBody"].map { reading.named($0).node }, needsToken: !tokens.isEmpty, reading: reading)
        return Page.Operation(
            anchor: node.string("operationId") ?? "", method: method.uppercased(), path: path,
            heading: node.string("summary") ?? "", text: DescriptionText(node.string("description") ?? ""),
            hasTokens: !tokens.isEmpty, tokens: tokens.map { Page.Link(label: $0, href: "#token-\($0)") },
            isOpen: tokens.isEmpty && !isWebhook,
            lists: ["path", "query", "header"].compactMap { place in
                let own = parameters.filter { $0.node.string("in") == place }
                guard !own.isEmpty else { return nil }
                return Page.FieldList(title: Self.titles[place] ?? place, fields: own.map(parameter))
            },
            hasBody: node["requestBody"] != nil,
            bodies: node["requestBody"].map { bodies(reading.named($0), isWhole: true) } ?? [],
            calls: isWebhook
                ? [Page.Call(title: "What arrives", code: call.message)]
                : [Page.Call(title: "With curl", code: call.curl)],
            answers: (node["responses"]?.members ?? []).map { status, node in
                let found = reading.named(node)
                guard let name = found.name, Self.isError(status) else { return answer(status, node) }
                var short = answer(status, found.node)
                (short.headers, short.bodies, short.next, short.hasMore) = ([], [], [], false)
                short.elsewhere = ["#\(Self.answerAnchor(name))"]
                return short
            })
    }

    private static let titles = ["path": "In the path", "query": "In the query", "header": "Headers"]

    private func parameter(_ found: OpenAPIReading.Named) -> Page.Field {
        var field = self.field(
            found.node.string("name") ?? "", found.node["schema"] ?? .nothing,
            isRequired: YAMLTree.truth(found.node["required"]) ?? false, depth: 0)
        field.text = DescriptionText(found.text)
        field.examples = found.node["example"].map { [Self.shown($0)] } ?? field.examples
        field.hasExamples = !field.examples.isEmpty
        return field
    }

    // MARK: Answers

    private static func isError(_ status: String) -> Bool { status >= "4" }
    private static func answerAnchor(_ name: String) -> String { "answer-\(name)" }

    /// Those under which operations have a response of the components.
    private func statuses(of name: String) -> [String] {
        (root["paths"]?.members ?? []).flatMap(\.node.members).flatMap { $0.node["responses"]?.members ?? [] }
            .filter { reading.named($0.node).name == name }.map(\.name)
    }

    private func answer(_ status: String, _ node: Node, anchor: String = "") -> Page.Answer {
        let found = reading.named(node)
        let headers = self.headers(of: found.node, ofEvery: false)
        let bodies = self.bodies(found, isWhole: false)
        let next = (found.node["links"]?.members ?? []).map { _, node in
            Page.Next(
                label: node.string("operationId") ?? "", href: "#\(node.string("operationId") ?? "")",
                text: DescriptionText(node.string("description") ?? ""))
        }
        let tone =
            switch status.first {
            case "2": "good"
            case "3": "new"
            case "4": "wait"
            default: "bad"
            }
        return Page.Answer(
            anchor: anchor, status: status, tone: tone, text: DescriptionText(found.text), elsewhere: [],
            hasMore: !headers.isEmpty || !bodies.isEmpty || !next.isEmpty, isShown: status.hasPrefix("2"),
            headers: headers, bodies: bodies, next: next)
    }

    /// - Parameter ofEvery: those that every answer has, or the others.
    private func headers(of answer: Node, ofEvery: Bool) -> [Page.FieldList] {
        let fields = (answer["headers"]?.members ?? []).filter { everyHeader.contains($0.name) == ofEvery }
            .map { name, node in
                var field = parameter(reading.named(node))
                field.name = name
                // That an answer has it is no demand on the reader.
                field.isRequired = false
                return field
            }
        return fields.isEmpty ? [] : [Page.FieldList(title: "Headers", fields: fields)]
    }

    // MARK: Bodies

    /// - Parameter isWhole: whether the members of what is described elsewhere are shown as well.
    private func bodies(_ found: OpenAPIReading.Named, isWhole: Bool) -> [Page.Body] {
        var bodies: [Page.Body] = []
        var seen: [Node] = []
        for (media, content) in found.node["content"]?.members ?? [] {
            if let index = seen.firstIndex(of: content) {
                bodies[index].media.append(media)
                continue
            }
            seen.append(content)
            let schema = content["schema"] ?? .nothing
            let fields =
                isWhole || schema.string("$ref") == nil ? members(of: reading.named(schema).node, depth: 0) : []
            bodies.append(
                Page.Body(
                    media: [media], isRequired: YAMLTree.truth(found.node["required"]) ?? false,
                    text: DescriptionText(isWhole ? found.node.string("description") ?? "" : ""),
                    types: content["schema"].map(types) ?? [], hasFields: !fields.isEmpty, fields: fields,
                    examples: (content["examples"]?.members ?? []).map { name, node in
                        let node = reading.named(node).node
                        let value = node["value"] ?? .nothing
                        return Page.Example(
                            text: DescriptionText(node.string("summary") ?? name),
                            parts: media.contains("json")
                                ? JSONListing(value).parts : [.init(kind: "", words: value.scalar?.string ?? "")])
                    }))
        }
        return bodies
    }

    // MARK: Schemas

    private func members(of schema: Node, depth: Int) -> [Page.Field] {
        let required = Set(schema.strings("required"))
        return (schema["properties"]?.members ?? []).map { name, node in
            field(name, node, isRequired: required.contains(name), depth: depth)
        }
    }

    private func field(_ name: String, _ node: Node, isRequired: Bool, depth: Int) -> Page.Field {
        let isReference = node.string("$ref") != nil
        // What is said elsewhere is led to, but for what is worth no way.
        let isShort = isReference && reading.named(node).node["properties"] == nil
        let schema = isShort ? reading.named(node).node : node
        let inner = schema["items"] ?? schema
        // Nothing of ours is deeper; a document that refers to itself would have no end otherwise.
        let fields = depth < 4 && inner.string("$ref") == nil ? members(of: inner, depth: depth + 1) : []
        let text = node.string("description") ?? (isShort ? schema.string("description") : nil) ?? ""
        let values = schema.strings("enum")
        let examples = (schema["examples"]?.elements ?? []).map(Self.shown)
        return Page.Field(
            anchor: "", name: name, isRequired: isRequired, types: types(node), text: DescriptionText(text),
            notes: SchemaWords.notes(on: schema), hasValues: !values.isEmpty, values: values,
            patterns: schema.strings("pattern"),
            hasExamples: !examples.isEmpty, examples: examples, hasFields: !fields.isEmpty, fields: fields)
    }

    private func types(_ schema: Node) -> [Page.TypePart] {
        if let name = reading.named(schema).name { return [.init(label: name, hrefs: ["#schema-\(name)"])] }
        if let choices = schema["oneOf"]?.elements {
            return Array(choices.map(types).joined(separator: [.init(label: " or ", hrefs: [])]))
        }
        if let constant = schema["const"] { return [.init(label: "always \(Self.shown(constant))", hrefs: [])] }
        if let items = schema["items"], schema.strings("type") == ["array"] {
            return [.init(label: "array of ", hrefs: [])] + types(items)
        }
        let names = schema.strings("type")
        let format = schema.string("format").map { ", \($0)" } ?? ""
        return names.isEmpty ? [] : [.init(label: names.joined(separator: " or ") + format, hrefs: [])]
    }

    private static func shown(_ value: Node) -> String {
        value.scalar?.string ?? JSONListing.compact(value)
    }
}

/// What a schema asks of a value, in words.
enum SchemaWords {
    /// One line at most.
    static func notes(on schema: Node) -> [String] {
        var words: [String] = []
        func range(_ least: String, _ most: String, _ unit: String) {
            switch (schema.string(least), schema.string(most)) {
            case (let least?, let most?) where least == most: words.append("\(least)\(unit)")
            case (let least?, let most?): words.append("\(least) to \(most)\(unit)")
            case (let least?, nil): words.append("\(least)\(unit) or more")
            case (nil, let most?): words.append("\(most)\(unit) at most")
            case (nil, nil): break
            }
        }
        range("minLength", "maxLength", " characters")
        range("minimum", "maximum", "")
        range("minItems", "maxItems", " elements")
        if let least = schema.string("minProperties") { words.append("\(least) of the members at least") }
        if YAMLTree.truth(schema["additionalProperties"]) == false { words.append("no other members") }
        if let value = schema.string("default") { words.append("\(value) without it") }
        return words.isEmpty ? [] : [words.joined(separator: "; ")]
    }
}

/// How an operation is called, or what a webhook sends, made of the document's examples.
struct OperationCall {
    let method: String
    let path: String
    let parameters: [Node]
    let body: Node?
    let needsToken: Bool
    let reading: OpenAPIReading

    private var media: (name: String, node: Node)? { body?["content"]?.members.first { $0.name.contains("json") } }

    private var example: Node? {
        media?.node["examples"]?.members.first.flatMap { reading.named($0.node).node["value"] }
    }

    /// For a shell that has `INTAKE` and `TOKEN`.
    var curl: String {
        var path = path
        for parameter in parameters where parameter.string("in") == "path" {
            path = path.replacing("{\(parameter.string("name") ?? "")}", with: parameter.string("example") ?? "")
        }
        // What curl does by itself needs no option.
        let isUsual = method == "get" || method == "post" && body != nil
        let option = isUsual ? "" : "-X \(method.uppercased()) "
        var lines = ["curl -i \(option)\"$INTAKE\(path)\""]
        if needsToken { lines.append("-H \"Authorization: Bearer $TOKEN\"") }
        if let media, let example {
            lines.append("-H 'Content-Type: \(media.name)'")
            lines.append("-d '\(JSONListing(example).text.replacing("'", with: #"'\''"#))'")
        }
        return lines.joined(separator: " \\\n  ")
    }

    /// The message itself, with the headers that the document has examples of.
    var message: String {
        let headers = parameters.filter { $0.string("in") == "header" }.compactMap { parameter in
            parameter.string("example").map { "\(parameter.string("name") ?? ""): \($0)" }
        }
        let type = media.map { ["Content-Type: \($0.name)"] } ?? []
        let content = example.map { ["", JSONListing.compact($0)] } ?? []
        return (["POST /callbacks/SA-1001 HTTP/1.1"] + type + headers + content).joined(separator: "\n")
    }
}
