import Contracts
import PostgreSQL

import struct Foundation.Date
import struct Foundation.UUID

/// What a column holds.
typealias StoreValue = SQLValue

/// What can stand in a column: the same value comes back as was written.
protocol StoreConvertible {
    /// - Returns: `nil` when it is no such value.
    init?(_ value: StoreValue)
    var storeValue: StoreValue { get }
}

/// The values of a statement, in the order of its places.
struct StoreValues: Sendable, ExpressibleByArrayLiteral {
    private(set) var all: [StoreValue]

    init(arrayLiteral values: (any StoreConvertible)?...) { all = values.map { $0?.storeValue ?? .null } }

    init(_ values: [StoreValue]) { all = values }

    /// The same as a literal, for what is written for each request: the values of a literal go through boxes, which
    /// cost several times what the values do.
    init(@Builder _ values: () -> StoreValues) { self = values() }

    @resultBuilder
    enum Builder {
        static func buildExpression(_ value: (some StoreConvertible)?) -> StoreValue { value?.storeValue ?? .null }
        static func buildBlock(_ values: StoreValue...) -> StoreValues { StoreValues(values) }
    }

    mutating func append(_ value: any StoreConvertible) { all.append(value.storeValue) }

    static func + (left: StoreValues, right: StoreValues) -> StoreValues {
        var sum = left
        sum.all += right.all
        return sum
    }
}

/// One row of an answer, as long as it is looked at.
protocol StoreColumns {
    /// `nil` when there is no such column.
    func value(_ column: String) -> StoreValue?
    /// Of the first column.
    var first: StoreValue { get }
}

struct StoreRow {
    private let columns: any StoreColumns

    init(_ columns: any StoreColumns) { self.columns = columns }

    /// A column that is never null.
    subscript<Value: StoreConvertible>(column: String) -> Value {
        get throws(StoreError) {
            guard let value: Value = try self[column] else { throw Self.unreadable(column) }
            return value
        }
    }

    /// A column that may be null, or not be there.
    subscript<Value: StoreConvertible>(column: String) -> Value? {
        get throws(StoreError) {
            switch columns.value(column) {
            case nil, .null: return nil
            case let found?:
                guard let value = Value(found) else { throw Self.unreadable(column) }
                return value
            }
        }
    }

    /// Whatever is in a column.
    subscript(value column: String) -> StoreValue {
        get throws(StoreError) {
            guard let value = columns.value(column) else { throw Self.unreadable(column) }
            return value
        }
    }

    /// The first column; `nil` for null.
    func first<Value: StoreConvertible>() throws(StoreError) -> Value? {
        if case .null = columns.first { return nil }
        guard let value = Value(columns.first) else { throw Self.unreadable("first") }
        return value
    }

    private static func unreadable(_ column: String) -> StoreError {
        StoreError(code: .unreadable, detail: "column \(column)")
    }
}

extension Int64: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }

    var storeValue: StoreValue { .integer(self) }
}

extension Int: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .integer(let number) = value, let number = Int(exactly: number) else { return nil }
        self = number
    }

    var storeValue: StoreValue { .integer(Int64(self)) }
}

extension Bool: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .integer(let number) = value else { return nil }
        self = number != 0
    }

    var storeValue: StoreValue { .integer(self ? 1 : 0) }
}

extension Double: StoreConvertible {
    init?(_ value: StoreValue) {
        switch value {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        case .null, .text, .blob: return nil
        }
    }

    var storeValue: StoreValue { .real(self) }
}

extension String: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }

    var storeValue: StoreValue { .text(self) }
}

extension [UInt8]: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .blob(let bytes) = value else { return nil }
        self = bytes
    }

    var storeValue: StoreValue { .blob(self) }
}

/// Times are whole milliseconds since 1970, as precise as the wire. Others' clocks and cursors made some of them, so
/// that they are kept to what can be written.
extension Date: StoreConvertible {
    var milliseconds: Int64 { clampedMilliseconds }

    init(milliseconds: Int64) { self.init(clampingMilliseconds: milliseconds) }

    init?(_ value: StoreValue) {
        guard case .integer(let milliseconds) = value else { return nil }
        self.init(milliseconds: milliseconds)
    }

    var storeValue: StoreValue { .integer(milliseconds) }
}

extension UUID: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .text(let text) = value else { return nil }
        self.init(canonical: text)
    }

    var storeValue: StoreValue { .text(canonical) }
}

extension RequestID: StoreConvertible {
    init?(_ value: StoreValue) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }

    var storeValue: StoreValue { .text(description) }
}

/// Codes are kept as text.
extension StoreConvertible where Self: RawRepresentable<String> {
    init?(_ value: StoreValue) {
        guard case .text(let text) = value else { return nil }
        self.init(rawValue: text)
    }

    var storeValue: StoreValue { .text(rawValue) }
}

extension AddressFamily: StoreConvertible {}
extension DeadReason: StoreConvertible {}
extension DecisionReason: StoreConvertible {}
extension GeocodedLocation.Precision: StoreConvertible {}
extension NoLocationReason: StoreConvertible {}
extension ReviewReason: StoreConvertible {}
extension Stage: StoreConvertible {}
