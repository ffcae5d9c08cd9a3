import Contracts
import ServiceRuntime
import Yams

/// In which words a partner is told.
extension PartnersReader {
    mutating func body(_ node: Node?, statuses: Node?, at path: String) -> CallbackBody {
        var detail = CallbackBody.Detail.basic
        var names: [CallbackBody.Field: String] = [:]
        let bodyPath = "\(path).body"
        if let node, let keys = fields(of: node, at: bodyPath, known: ["detail", "names"]) {
            if let node = keys["detail"] {
                if let known = node.scalar.flatMap({ CallbackBody.Detail(rawValue: $0.string) }) {
                    detail = known
                } else {
                    report("\(bodyPath).detail", node, "must be basic or full")
                }
            }
            if let node = keys["names"] { names = self.names(node, detail, at: "\(bodyPath).names") }
        }
        return CallbackBody(detail: detail, names: names, statuses: words(statuses, at: "\(path).statuses"))
    }

    private mutating func names(
        _ node: Node, _ detail: CallbackBody.Detail, at path: String
    ) -> [CallbackBody.Field: String] {
        var names: [CallbackBody.Field: String] = [:]
        let fields = CallbackBody.fields(detail)
        for (key, value) in self.fields(of: node, at: path, known: fields.map(\.rawValue)) ?? [:] {
            if let field = CallbackBody.Field(rawValue: key) { names[field] = text(value, at: "\(path).\(key)") }
        }
        let all = fields.map { names[$0] ?? $0.rawValue }
        if Set(all).count < all.count { report(path, node, "gives two fields the same name") }
        return names
    }

    private mutating func words(_ node: Node?, at path: String) -> [RequestStatus: String] {
        guard let node else { return [:] }
        var words: [RequestStatus: String] = [:]
        let known = CallbackBody.defaultStatuses.keys.map(\.rawValue).sorted()
        for (key, value) in fields(of: node, at: path, known: known) ?? [:] {
            words[RequestStatus(rawValue: key)] = text(value, at: "\(path).\(key)")
        }
        return words
    }
}
