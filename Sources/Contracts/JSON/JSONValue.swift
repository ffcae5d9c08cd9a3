/// A JSON value (RFC 8259), as it was written: nothing is rounded, and repeated names are all there.
package enum JSONValue: Sendable, Equatable {
    case string(String)
    /// The number's text, RFC 8259, section 6.
    case number(String)
    case bool(Bool)
    case null
    case array([JSONValue])
    case object(JSONObject)

    /// Reads a text.
    /// - Throws: `MalformedJSON`.
    package init(parsing bytes: [UInt8]) throws(MalformedJSON) {
        self = try JSONReader.read(bytes)
    }
}

/// The members of an object in their order.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue
    }

    package internal(set) var members: [Member] = []

    package init() {}

    /// The value of a name; the last one when the name is repeated. Objects are small: looking from member to member is
    /// quicker than hashing.
    ///
    /// Names are compared byte by byte (RFC 8259, section 8.3): what others call their members may be long, and slow to
    /// compare otherwise.
    package subscript(name: String) -> JSONValue? {
        let length = name.utf8.count
        return members.last { $0.name.utf8.count == length && $0.name == name }?.value
    }
}

/// The text is not well-formed JSON in UTF-8, or nested too deeply.
package struct MalformedJSON: Error, Sendable, Equatable {
    /// Bytes before what is wrong; `nil` when the text as a whole is no UTF-8.
    package var offset: Int?
    /// Whether it may be well-formed: arrays and objects stand in each other deeper than is read.
    package var isTooDeep = false

    package init(offset: Int? = nil, isTooDeep: Bool = false) {
        self.offset = offset
        self.isTooDeep = isTooDeep
    }
}
