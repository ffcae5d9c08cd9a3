import Contracts
import Foundation

extension Harness {
    static let json = Harness("json", "the reader of JSON; what it takes, Foundation takes too, and means the same") {
        input in
        let bytes = input.bytes
        guard let value = try? JSONValue(parsing: bytes) else { return }
        let text = written(value)
        guard let again = try? JSONValue(parsing: Array(text.utf8)) else { fatalError("not taken again: \(text)") }
        demand(again == value, "the same value from \(text)")
        // Foundation refuses numbers that no Double holds, and takes the last of repeated names, as we do.
        let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        demand(other != nil || text.contains(where: \.isNumber), "Foundation takes \(text), too")
    }

    private static func written(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let text): text
        case .string(let text): quoted(text)
        case .array(let values): "[\(values.map(written).joined(separator: ","))]"
        case .object(let object):
            "{\(object.members.map { "\(quoted($0.name)):\(written($0.value))" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> String in
            guard scalar.value < 0x20 || scalar == "\"" || scalar == "\\" else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"\(scalars.joined())\""
    }
}
