import Contracts

import struct Foundation.Decimal

/// A JSON value that is no array and no object, as a receipt rule names it.
enum JSONScalar: Sendable, Equatable, CustomStringConvertible {
    case string(String)
    /// Compared by value: `1`, `1.0` and `1e0` are the same.
    case number(Decimal)
    case bool(Bool)
    case null

    func matches(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string(let wanted), .string(let found)): wanted == found
        case (.number(let wanted), .number(let found)): Decimal(string: found) == wanted
        case (.bool(let wanted), .bool(let found)): wanted == found
        case (.null, .null): true
        case (.string, _), (.number, _), (.bool, _), (.null, _): false
        }
    }

    var description: String {
        switch self {
        case .string(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        case .null: "null"
        }
    }
}
