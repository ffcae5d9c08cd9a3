import Contracts
import Foundation

/// What of a message may be shown on a terminal: the values of fields that are known to hold nothing personal and no
/// secret. Whatever else is in a message, whoever put it there, is shown by its name alone.
enum Redaction {
    static let mark = "[redacted]"

    /// Where the fields of Intake's own events stand that say nothing of a person, by what describes the events.
    private static let openFields: Set<String> = {
        let all = EventType.allCases.flatMap(\.fields)
        let personal = Set(all.filter(\.isPersonal).map(\.path))
        return Set(all.map(\.path)).subtracting(personal)
    }()

    /// What names of headers begin with that Intake and the broker write.
    private static let openHeaders = [
        "cloudEvents:", "intake-", "traceparent", "x-delivery-count", "x-first-deadLettering-", "x-last-deadLettering-",
    ]

    /// A JSON body with redacted values, indented, its members sorted; `nil` when it is no JSON object.
    static func body(_ bytes: [UInt8]) -> String? {
        // What is no JSON object, or cannot be written again, is not shown at all: the size is told beside it.
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let text = try? JSONSerialization.data(
                withJSONObject: redacted(object), options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// Headers as text by their names.
    /// - Parameter json: one object, as the store has it.
    static func headers(_ json: [UInt8], isRaw: Bool) -> [String: String] {
        // The store wrote them as one object: anything else is damage, and then there is nothing to show.
        guard case .object(let object) = try? JSONValue(parsing: json) else { return [:] }
        var headers: [String: String] = [:]
        for member in object.members {
            let isOpen = isRaw || openHeaders.contains { member.name.hasPrefix($0) }
            headers[member.name] = isOpen ? text(member.value) : mark
        }
        return headers
    }

    private static func redacted(_ object: [String: Any], within path: String = "") -> [String: Any] {
        var shown: [String: Any] = [:]
        for (name, value) in object { shown[name] = redacted(value, at: path + name) }
        return shown
    }

    private static func redacted(_ value: Any, at path: String) -> Any {
        switch value {
        case let inner as [String: Any]: redacted(inner, within: path + ".")
        case let elements as [Any]: elements.map { $0 is [String: Any] ? redacted($0, at: path + "[]") : mark }
        case is NSNull: value
        default: openFields.contains(path) ? value : mark
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): "\(flag)"
        case .null, .array, .object: ""
        }
    }
}
