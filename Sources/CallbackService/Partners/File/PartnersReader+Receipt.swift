import ServiceRuntime
import Yams

import struct Foundation.Decimal

/// What counts as a receipt.
extension PartnersReader {
    mutating func receipt(_ node: Node?, at path: String) -> ReceiptRule {
        var rule = ReceiptRule()
        guard let node, let keys = fields(of: node, at: path, known: ["status", "body"]) else { return rule }
        if let status = keys["status"] { rule.statuses = statuses(status, at: "\(path).status") }
        if let body = keys["body"] {
            for (index, element) in (elements(of: body, at: "\(path).body") ?? []).enumerated() {
                if let condition = condition(element, at: "\(path).body[\(index)]") { rule.body.append(condition) }
            }
        }
        return rule
    }

    private mutating func statuses(_ node: Node, at path: String) -> Set<Int>? {
        if node.scalar?.string == "2xx" { return nil }
        guard let elements = node.sequence, !elements.isEmpty else {
            report(path, node, "must be 2xx or a list of statuses")
            return nil
        }
        var statuses: Set<Int> = []
        for (index, element) in elements.enumerated() {
            guard let text = element.scalar?.string, let status = Int(text),
                ReceiptRule.allowedStatuses.contains(where: { $0.contains(status) })
            else {
                report("\(path)[\(index)]", element, "must be a status from 200 to 299 or 400 to 499")
                continue
            }
            statuses.insert(status)
        }
        return statuses
    }

    /// The statuses after which a callback is not sent again.
    mutating func permanent(_ node: Node?, _ receipt: ReceiptRule, at path: String) -> Set<Int> {
        guard let node else { return [] }
        var statuses: Set<Int> = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let status = element.scalar.flatMap({ Int($0.string) }), (400...499).contains(status) else {
                report("\(path)[\(index)]", element, "must be a status from 400 to 499")
                continue
            }
            if receipt.takes(status: status) { report("\(path)[\(index)]", element, "is a receipt by receipt.status") }
            statuses.insert(status)
        }
        return statuses
    }

    private mutating func condition(_ node: Node, at path: String) -> BodyCondition? {
        let before = problems.count
        let keys = fields(of: node, at: path, known: ["pointer", "is", "equals", "text", "not_text"])
        guard let keys, problems.count == before else { return nil }
        switch Set(keys.keys) {
        case ["pointer", "is"], ["pointer", "equals"]:
            guard let place = keys["pointer"], let pointer = pointer(place, at: "\(path).pointer") else { return nil }
            if let value = keys["equals"] { return scalar(value, at: "\(path).equals").map { .equals(pointer, $0) } }
            return keys["is"].flatMap { expectation(pointer, $0, at: "\(path).is") }
        case ["text"]: return keys["text"].flatMap { pattern($0, at: "\(path).text") }.map { .text($0) }
        case ["not_text"]: return keys["not_text"].flatMap { pattern($0, at: "\(path).not_text") }.map { .notText($0) }
        default:
            report(path, node, "must have pointer with is or equals, or text, or not_text")
            return nil
        }
    }

    private mutating func expectation(_ pointer: JSONPointer, _ node: Node, at path: String) -> BodyCondition? {
        switch node.scalar?.string {
        case "absent": return .absent(pointer)
        case "present": return .present(pointer)
        default:
            report(path, node, "must be absent or present")
            return nil
        }
    }

    private mutating func pointer(_ node: Node, at path: String) -> JSONPointer? {
        guard let text = node.scalar?.string, let pointer = JSONPointer(text) else {
            report(path, node, "must be a JSON pointer such as /error/code")
            return nil
        }
        return pointer
    }

    private mutating func pattern(_ node: Node, at path: String) -> TextPattern? {
        guard let text = text(node, at: path) else { return nil }
        do throws(TextPattern.Problem) {
            return try TextPattern(text)
        } catch {
            report(path, node, error.description)
            return nil
        }
    }

    /// YAML's own idea of what a plain scalar is: `true` is a Boolean, `"true"` is text.
    private mutating func scalar(_ node: Node, at path: String) -> JSONScalar? {
        guard let scalar = node.scalar else {
            report(path, node, "must be text, a number, true, false or null")
            return nil
        }
        switch Resolver.default.resolveTag(of: node) {
        case .bool: return .bool(["true", "yes", "on"].contains(scalar.string.lowercased()))
        case .null: return .null
        case .int, .float:
            // It would take the beginning of what YAML has besides: 0x10, 1_000, 1:30.
            guard scalar.string.utf8.allSatisfy("0123456789+-.eE".utf8.contains),
                let number = Decimal(string: scalar.string)
            else {
                report(path, node, "is not a number that JSON has")
                return nil
            }
            return .number(number)
        default: return .string(scalar.string)
        }
    }
}
