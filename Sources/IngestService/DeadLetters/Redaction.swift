import Contracts
import Foundation

/// What of a message may be shown on a terminal: the values of fields that are known to hold nothing personal and no
/// secret. Whatever else is in a message, whoever put it there, is shown by its name alone.
enum Redaction {
    static let mark = "[redacted]"

    /// The fields of Intake's own events, but for the street.
    private static let openFields: Set<String> = [
        "provider", "providerRequestId", "organization", "city", "state", "zip", "regionCode", "acceptedAt",
        "countyFips",
        "county", "fips", "share", "precision", "source", "latitude", "longitude", "reason", "distanceKilometres",
        "zipState",
        "acceptance", "rule", "coverageVersion", "httpStatus", "attempt", "deliveredAt", "stage", "maxAttempts",
        "nextAttemptAt", "code", "message", "messageId", "diedAt", "by", "why", "replayedAt", "discardedAt",
        "status", "sequence", "changedAt",
    ]

    /// What names of headers begin with that Intake and the broker write.
    private static let openHeaders = [
        "cloudEvents:", "intake-", "traceparent", "x-delivery-count", "x-first-death-", "x-last-death-",
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

    private static func redacted(_ object: [String: Any]) -> [String: Any] {
        var shown: [String: Any] = [:]
        for (name, value) in object {
            switch value {
            case let inner as [String: Any]: shown[name] = redacted(inner)
            case is NSNull: shown[name] = value
            default: shown[name] = openFields.contains(name) && !(value is [Any]) ? value : mark
            }
        }
        return shown
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): "\(flag)"
        case .null, .array, .object: ""
        }
    }
}
