/// What is wrong with one field of a body. Says nothing of the field's value.
struct FieldError: Error, Sendable, Equatable, Encodable {
    /// JSON Pointer (RFC 6901) to the field, under the name that the client gave it.
    var pointer: String
    /// For people.
    var detail: String
    var code: Code

    /// For programs. Open: new codes may be added.
    struct Code: RawRepresentable, Sendable, Hashable, Encodable {
        var rawValue: String

        /// Absent, null or blank.
        static let required = Code(rawValue: "required")
        /// Not of the JSON type that is asked for.
        static let type = Code(rawValue: "type")
        static let tooLong = Code(rawValue: "too-long")
        static let controlCharacter = Code(rawValue: "control-character")
        /// Does not look like what it should be.
        static let format = Code(rawValue: "format")
        /// Not one of the values that can be.
        static let notAllowed = Code(rawValue: "not-allowed")
        /// Given twice, with different values.
        static let conflict = Code(rawValue: "conflict")
    }
}
