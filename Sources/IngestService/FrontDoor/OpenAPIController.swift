import Crypto
import HTTPListener
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceRuntime
import Yams

/// `GET /openapi.yaml` and `/openapi.json`: what this API is, for programs. The document beside this file is part of
/// the executable; what it says once and refers to by aliases is written out, since many readers of OpenAPI documents
/// take none, or only a few.
struct OpenAPIController: Sendable {
    private static let yaml = Representation("application/yaml", OpenAPIDocument.yaml(PackageResources.openapi_yaml))
    private static let json = Representation("application/json", OpenAPIDocument.json(PackageResources.openapi_yaml))

    @Sendable func yaml(_ request: Request, context: some RequestContext) -> Response { Self.yaml.answer(request) }

    @Sendable func json(_ request: Request, context: some RequestContext) -> Response { Self.json.answer(request) }

    private struct Representation: Sendable {
        let type: String
        let content: ByteBuffer
        /// Strong (RFC 9110, section 8.8.3): it names the bytes.
        let tag: String

        init(_ type: String, _ text: String) {
            self.type = type
            content = ByteBuffer(string: text)
            let digest = SHA256.hash(data: Array(text.utf8)).prefix(12)
            tag = "\"" + digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\""
        }

        func answer(_ request: Request) -> Response {
            let headers: HTTPFields = [.eTag: tag, .cacheControl: "no-store"]
            guard !matches(request.headers[.ifNoneMatch]) else {
                return Response(status: .notModified, headers: headers)
            }
            var described = headers
            described[.contentType] = type
            return Response(status: .ok, headers: described, body: ResponseBody(byteBuffer: content))
        }

        /// Compares as RFC 9110, section 13.1.2, wants it for this header: weak tags count too.
        private func matches(_ field: String?) -> Bool {
            guard let field, field.isShortASCII else { return false }
            return field.split(separator: ",").contains { candidate in
                let candidate = candidate.trimmingBlanks()
                return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
            }
        }
    }
}

/// An OpenAPI document with nothing to look up elsewhere in the text, in the order in which it was written.
enum OpenAPIDocument {
    static func yaml(_ bytes: [UInt8]) -> String {
        guard let root = root(bytes) else { return "" }
        // A tree of plain nodes is always written.
        return (try? Yams.serialize(node: root, width: -1, allowUnicode: true)) ?? ""
    }

    static func json(_ bytes: [UInt8]) -> String {
        guard let root = root(bytes) else { return "" }
        var text = ""
        write(root, to: &text)
        return text + "\n"
    }

    /// `nil` for what is no YAML: the document is part of the executable, and a test compares what is served with it.
    private static func root(_ bytes: [UInt8]) -> Node? { (try? YAMLTree.root(of: bytes)).flatMap { $0 }.map(plain) }

    /// The same without anchors, which would be written with each copy.
    private static func plain(_ node: Node) -> Node {
        switch node {
        case .mapping(let mapping):
            .mapping(Node.Mapping(mapping.map { (plain($0.key), plain($0.value)) }, mapping.tag))
        case .sequence(let sequence): .sequence(Node.Sequence(sequence.map(plain), sequence.tag))
        case .scalar(let scalar):
            .scalar(Node.Scalar(scalar.string, scalar.tag, scalar.style == .folded ? .literal : scalar.style))
        case .alias: node
        }
    }

    /// As JSON on one line.
    static func write(_ node: Node, to text: inout String) {
        switch node {
        case .mapping(let mapping):
            text += "{"
            for (index, (key, value)) in mapping.enumerated() {
                text += index == 0 ? "" : ","
                quote(key.scalar?.string ?? "", to: &text)
                text += ":"
                write(value, to: &text)
            }
            text += "}"
        case .sequence(let sequence):
            text += "["
            for (index, value) in sequence.enumerated() {
                text += index == 0 ? "" : ","
                write(value, to: &text)
            }
            text += "]"
        case .scalar(let scalar): write(scalar, node, to: &text)
        case .alias: text += "null"
        }
    }

    private static func write(_ scalar: Node.Scalar, _ node: Node, to text: inout String) {
        guard scalar.style == .plain || scalar.style == .any else { return quote(scalar.string, to: &text) }
        if YAMLTree.isNull(node) {
            text += "null"
        } else if let truth = YAMLTree.truth(node) {
            text += truth ? "true" : "false"
        } else if let number = node.int {
            text += "\(number)"
        } else if let number = node.float, number.isFinite {
            text += "\(number)"
        } else {
            quote(scalar.string, to: &text)
        }
    }

    /// RFC 8259, section 7.
    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
