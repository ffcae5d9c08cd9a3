package import struct Foundation.Date
package import struct Foundation.UUID

/// The fields of an event's data, as its type reads them.
///
/// Fields that nobody asks for are ignored; `null` counts as absent where a field is optional. What does not fit is
/// named by its path, as in `missing address.zip`, and no value is ever quoted.
package struct EventFields {
    private let object: JSONObject
    /// The names of the objects around, each with a dot behind it.
    private let path: String

    private init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// - Throws: `ContractError` with code `badData`, as everything here.
    package init(_ body: [UInt8]) throws(ContractError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: body) } catch { throw ContractError(code: .badData, detail: "not JSON") }
        guard case .object(let object) = value else {
            throw ContractError(code: .badData, detail: "expected an object")
        }
        self.init(object, path: "")
    }

    package func string(_ name: String) throws(ContractError) -> String {
        try required(name, try stringIfPresent(name))
    }

    package func stringIfPresent(_ name: String) throws(ContractError) -> String? {
        switch object[name] {
        case nil, .null: nil
        case .string(let text): text
        default: throw wrong("expected a string at", name)
        }
    }

    package func bool(_ name: String) throws(ContractError) -> Bool {
        switch object[name] {
        case nil, .null: try required(name, nil)
        case .bool(let flag): flag
        default: throw wrong("expected a boolean at", name)
        }
    }

    package func int(_ name: String) throws(ContractError) -> Int {
        switch object[name] {
        case nil, .null: return try required(name, nil)
        case .number(let text):
            // A producer may write 3.0 for 3.
            guard let number = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else {
                throw wrong("expected an integer at", name)
            }
            // What every reader of JSON understands alike (RFC 8259, section 6); and adding to it cannot overflow.
            guard abs(Double(number)) < 0x1p53 else { throw wrong("bad value at", name) }
            return number
        default: throw wrong("expected an integer at", name)
        }
    }

    package func intIfPresent(_ name: String) throws(ContractError) -> Int? {
        switch object[name] {
        case nil, .null: nil
        default: try int(name)
        }
    }

    package func double(_ name: String) throws(ContractError) -> Double {
        try required(name, try doubleIfPresent(name))
    }

    package func doubleIfPresent(_ name: String) throws(ContractError) -> Double? {
        switch object[name] {
        case nil, .null: return nil
        case .number(let text):
            guard let number = Double(text), number.isFinite else { throw wrong("bad value at", name) }
            return number
        default: throw wrong("expected a number at", name)
        }
    }

    /// An RFC 3339 time.
    package func time(_ name: String) throws(ContractError) -> Date {
        guard let date = Timestamp.date(try string(name)) else { throw wrong("bad value at", name) }
        return date
    }

    /// A code of a closed set.
    package func code<Code: RawRepresentable<String>>(_ name: String) throws(ContractError) -> Code {
        guard let code = Code(rawValue: try string(name)) else { throw wrong("bad value at", name) }
        return code
    }

    /// A UUID in its canonical form.
    package func id(_ name: String) throws(ContractError) -> UUID {
        guard let id = UUID(canonical: try string(name)) else { throw wrong("bad value at", name) }
        return id
    }

    package func idIfPresent(_ name: String) throws(ContractError) -> UUID? {
        guard try stringIfPresent(name) != nil else { return nil }
        return try id(name)
    }

    package func fields(_ name: String) throws(ContractError) -> EventFields {
        try required(name, try fieldsIfPresent(name))
    }

    package func fieldsIfPresent(_ name: String) throws(ContractError) -> EventFields? {
        switch object[name] {
        case nil, .null: nil
        case .object(let object): EventFields(object, path: "\(path)\(name).")
        default: throw wrong("expected an object at", name)
        }
    }

    /// - Returns: nothing when the field is absent.
    package func stringsIfPresent(_ name: String) throws(ContractError) -> [String] {
        var texts: [String] = []
        for value in try array(name) {
            guard case .string(let text) = value else { throw wrong("expected strings at", name) }
            texts.append(text)
        }
        return texts
    }

    /// The objects of an array, each read by `read`.
    /// - Returns: nothing when the field is absent.
    package func listIfPresent<Element>(
        _ name: String, _ read: (EventFields) throws(ContractError) -> Element
    ) throws(ContractError) -> [Element] {
        var elements: [Element] = []
        for (index, value) in try array(name).enumerated() {
            guard case .object(let object) = value else { throw wrong("expected objects at", name) }
            elements.append(try read(EventFields(object, path: "\(path)\(name)[\(index)].")))
        }
        return elements
    }

    private func array(_ name: String) throws(ContractError) -> [JSONValue] {
        switch object[name] {
        case nil, .null: []
        case .array(let values): values
        default: throw wrong("expected an array at", name)
        }
    }

    private func required<Value>(_ name: String, _ value: Value?) throws(ContractError) -> Value {
        if let value { return value }
        throw wrong(object[name] == nil ? "missing" : "null at", name)
    }

    private func wrong(_ what: String, _ name: String) -> ContractError {
        ContractError(code: .badData, detail: "\(what) \(path)\(name)")
    }
}
