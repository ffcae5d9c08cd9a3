package import struct Foundation.Date
package import struct Foundation.UUID

/// Something whose fields are described once: the data of an event, or an object within it.
package protocol Fields: Sendable, Equatable {
    /// With nothing in it, for a reader to fill.
    init()

    /// Names the fields in the order in which they are written, each with what holds it.
    /// - Throws: `ContractError` with code `badData`, when a field cannot be read or written.
    mutating func code(_ coder: inout FieldCoder) throws(ContractError)
}

/// Goes through fields as `Fields.code` names them: reads them from JSON, writes them as JSON, or lists them.
///
/// So the readers, the writers, the list of what is personal and the tests of the JSON Schemas have one source. An
/// optional field without a value, an empty list, and a number that is its default are left out; `null` is read as
/// absent.
package struct FieldCoder {
    private enum Purpose { case read, write, list }

    /// A field, and where it stands: the names of the objects around it and its own, joined by dots; behind the name of
    /// a list stands `[]`.
    package struct Listed: Sendable, Hashable {
        package var path: String
        /// Whether it says something of a person. Such values are shown to nobody but the organisation and the partner.
        package var isPersonal: Bool
        package var isRequired: Bool
    }

    private let purpose: Purpose
    private var fields: EventFields?
    private var text = JSONObjectText()
    private var listed: [Listed] = []
    private var path = ""

    private init(_ purpose: Purpose, _ fields: EventFields? = nil) {
        self.purpose = purpose
        self.fields = fields
    }

    // MARK: What it is for

    /// - Throws: `ContractError` with code `badData`, which names the field.
    package static func read<Value: Fields>(_ type: Value.Type, from body: [UInt8]) throws(ContractError) -> Value {
        var coder = FieldCoder(.read, try EventFields(body))
        var value = Value()
        try value.code(&coder)
        return value
    }

    /// - Throws: `ContractError` with code `badData` when a number is not finite.
    package static func write(_ value: some Fields) throws(ContractError) -> [UInt8] {
        var coder = FieldCoder(.write)
        var value = value
        try value.code(&coder)
        return coder.text.bytes()
    }

    /// The fields of a type, those of its objects and of their elements as well.
    package static func list<Value: Fields>(_ type: Value.Type) -> [Listed] {
        var coder = FieldCoder(.list)
        var value = Value()
        // Nothing is read or written that could be wrong.
        try? value.code(&coder)
        return coder.listed
    }

    private mutating func list(_ name: String, isPersonal: Bool = false, isRequired: Bool) {
        listed.append(Listed(path: path + name, isPersonal: isPersonal, isRequired: isRequired))
    }

    /// What is read from; there is something whenever the purpose is to read.
    private func source() throws(ContractError) -> EventFields {
        guard let fields else { throw ContractError(code: .badData, detail: "nothing to read") }
        return fields
    }

    // MARK: Text

    package mutating func field(
        _ name: String, _ value: inout String, isPersonal: Bool = false
    ) throws(ContractError) {
        switch purpose {
        case .read: value = try source().string(name)
        case .write: text.add(name, value)
        case .list: list(name, isPersonal: isPersonal, isRequired: true)
        }
    }

    package mutating func field(
        _ name: String, _ value: inout String?, isPersonal: Bool = false
    ) throws(ContractError) {
        switch purpose {
        case .read: value = try source().stringIfPresent(name)
        case .write: text.add(name, value)
        case .list: list(name, isPersonal: isPersonal, isRequired: false)
        }
    }

    package mutating func field(_ name: String, _ values: inout [String]) throws(ContractError) {
        switch purpose {
        case .read: values = try source().stringsIfPresent(name)
        case .write: if !values.isEmpty { text.add(name, values) }
        case .list: list(name, isRequired: false)
        }
    }

    /// A code. Of an open set all are read, of a closed one those that are known.
    package mutating func field<Code: RawRepresentable<String>>(
        _ name: String, _ value: inout Code
    ) throws(ContractError) {
        switch purpose {
        case .read: value = try source().code(name)
        case .write: text.add(name, value.rawValue)
        case .list: list(name, isRequired: true)
        }
    }

    package mutating func field<Code: RawRepresentable<String>>(
        _ name: String, _ value: inout Code?
    ) throws(ContractError) {
        switch purpose {
        case .read:
            let fields = try source()
            value = try fields.stringIfPresent(name) == nil ? nil : try fields.code(name)
        case .write: text.add(name, value?.rawValue)
        case .list: list(name, isRequired: false)
        }
    }

    package mutating func field(_ name: String, _ value: inout UUID) throws(ContractError) {
        switch purpose {
        case .read: value = try source().id(name)
        case .write: text.add(name, value.canonical)
        case .list: list(name, isRequired: true)
        }
    }

    package mutating func field(_ name: String, _ value: inout UUID?) throws(ContractError) {
        switch purpose {
        case .read: value = try source().idIfPresent(name)
        case .write: text.add(name, value?.canonical)
        case .list: list(name, isRequired: false)
        }
    }

    package mutating func field(_ name: String, _ value: inout Date) throws(ContractError) {
        switch purpose {
        case .read: value = try source().time(name)
        case .write: text.add(name, Timestamp.string(value))
        case .list: list(name, isRequired: true)
        }
    }

    // MARK: Numbers and truth values

    package mutating func field(_ name: String, _ value: inout Bool) throws(ContractError) {
        switch purpose {
        case .read: value = try source().bool(name)
        case .write: text.add(name, value)
        case .list: list(name, isRequired: true)
        }
    }

    package mutating func field(_ name: String, _ value: inout Int) throws(ContractError) {
        switch purpose {
        case .read: value = try source().int(name)
        case .write: text.add(name, value)
        case .list: list(name, isRequired: true)
        }
    }

    /// - Parameters:
    ///   - absent: what an absent field means.
    ///   - isAlwaysWritten: whether it is written even when it is that.
    package mutating func field(
        _ name: String, _ value: inout Int, absent: Int, isAlwaysWritten: Bool
    ) throws(ContractError) {
        switch purpose {
        case .read: value = try source().intIfPresent(name) ?? absent
        case .write: if isAlwaysWritten || value != absent { text.add(name, value) }
        case .list: list(name, isRequired: false)
        }
    }

    package mutating func field(_ name: String, _ value: inout Int?) throws(ContractError) {
        switch purpose {
        case .read: value = try source().intIfPresent(name)
        case .write: text.add(name, value)
        case .list: list(name, isRequired: false)
        }
    }

    package mutating func field(_ name: String, _ value: inout Double) throws(ContractError) {
        switch purpose {
        case .read: value = try source().double(name)
        case .write: try text.add(name, value)
        case .list: list(name, isRequired: true)
        }
    }

    package mutating func field(_ name: String, _ value: inout Double?) throws(ContractError) {
        switch purpose {
        case .read: value = try source().doubleIfPresent(name)
        case .write: if let value { try text.add(name, value) }
        case .list: list(name, isRequired: false)
        }
    }

    // MARK: Objects

    package mutating func field<Value: Fields>(_ name: String, _ value: inout Value) throws(ContractError) {
        switch purpose {
        case .read:
            value = try read(try source().fields(name))
        case .write:
            text.beginObject(name)
            try value.code(&self)
            text.endObject()
        case .list:
            list(name, isRequired: true)
            try listFields(Value.self, within: name)
        }
    }

    package mutating func field<Value: Fields>(_ name: String, _ value: inout Value?) throws(ContractError) {
        switch purpose {
        case .read:
            value = try source().fieldsIfPresent(name).map { fields throws(ContractError) in try read(fields) }
        case .write:
            guard var present = value else { return }
            try field(name, &present)
        case .list:
            list(name, isRequired: false)
            try listFields(Value.self, within: name)
        }
    }

    package mutating func field<Value: Fields>(_ name: String, _ values: inout [Value]) throws(ContractError) {
        switch purpose {
        case .read:
            values = try source().listIfPresent(name) { fields throws(ContractError) in try read(fields) }
        case .write:
            guard !values.isEmpty else { return }
            text.beginArray(name)
            for var value in values {
                text.beginElement()
                try value.code(&self)
                text.endObject()
            }
            text.endArray()
        case .list:
            list(name, isRequired: false)
            try listFields(Value.self, within: name + "[]")
        }
    }

    private func read<Value: Fields>(_ fields: EventFields) throws(ContractError) -> Value {
        var inner = FieldCoder(.read, fields)
        var value = Value()
        try value.code(&inner)
        return value
    }

    private mutating func listFields<Value: Fields>(_ type: Value.Type, within name: String) throws(ContractError) {
        let outer = path
        path += name + "."
        var value = Value()
        try value.code(&self)
        path = outer
    }
}

extension Date {
    /// What a reader begins with.
    package static let unset = Date(timeIntervalSince1970: 0)
}

extension UUID {
    /// What a reader begins with (RFC 9562, section 5.9).
    package static let unset = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
