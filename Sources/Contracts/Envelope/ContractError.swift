/// A message or an event that is not what the contract says.
package struct ContractError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as a stable code.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// A CloudEvents attribute is absent or not of its type.
        package static let badAttribute = Code(rawValue: "bad-attribute")
        /// The event's type is not the one that is expected here.
        package static let unexpectedType = Code(rawValue: "unexpected-type")
        /// The body is not the JSON that the type's schema asks for.
        package static let badData = Code(rawValue: "bad-data")
    }

    package var code: Code
    /// Names the attribute or the JSON path; never holds a value of the message.
    package var detail: String

    package init(code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { "\(code.rawValue): \(detail)" }
}
