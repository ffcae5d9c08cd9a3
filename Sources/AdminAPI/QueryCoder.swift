import Contracts

import struct Foundation.Date

/// Goes through the parameters of a query, as `AdminQuery.code` names them: writes them into a URL, or reads them from
/// one and collects all that is wrong.
package struct QueryCoder {
    /// What is wrong with a parameter.
    package struct Fault: Sendable, Equatable {
        package enum Kind: String, Sendable {
            case format, required
            case notAllowed = "not-allowed"
        }

        package var name: String
        /// For people: says nothing of the value.
        package var detail: String
        package var kind: Kind
    }

    /// A parameter's text, decoded; `nil` when it writes.
    private let source: ((String) -> String?)?
    private let isCursor: (String) -> Bool
    /// What was written.
    package private(set) var items: [(name: String, value: String)] = []
    package private(set) var faults: [Fault] = []

    /// Writes.
    package init() {
        source = nil
        isCursor = { _ in true }
    }

    /// Reads.
    /// - Parameters:
    ///   - isCursor: whether a text can come from the `next` of a page; what it says is the service's affair.
    ///   - source: a parameter's text, decoded; `nil` when it is not there.
    package init(isCursor: @escaping (String) -> Bool = { _ in true }, reading source: @escaping (String) -> String?) {
        self.source = source
        self.isCursor = isCursor
    }

    /// - Parameters:
    ///   - text: what is written; `nil` leaves it out.
    ///   - detail: what is wrong when `read` gives nothing.
    /// - Returns: what was read; `nil` when there is nothing that can be.
    private mutating func code<Value>(
        _ name: String, _ text: String?, _ detail: String, _ kind: Fault.Kind = .format, _ read: (String) -> Value?
    ) -> Value? {
        guard let source else {
            if let text { items.append((name, text)) }
            return nil
        }
        guard let text = source(name) else { return nil }
        let value = read(text)
        if value == nil { faults.append(Fault(name: name, detail: detail, kind: kind)) }
        return value
    }

    /// - Parameter isOne: whether a text can be a value.
    mutating func text(
        _ name: String, _ value: inout String?, _ detail: String, _ isOne: (String) -> Bool = { _ in true }
    ) {
        value = code(name, value, detail) { isOne($0) ? $0 : nil } ?? value
    }

    /// - Parameter missing: what is said when it is not there.
    mutating func needed(
        _ name: String, _ value: inout String, missing: String, _ detail: String, _ isOne: (String) -> Bool
    ) {
        if let source, source(name) == nil { faults.append(Fault(name: name, detail: missing, kind: .required)) }
        value = code(name, value, detail) { isOne($0) ? $0 : nil } ?? value
    }

    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String, _ value: inout Value?) {
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        value = code(name, value?.rawValue, "must be one of \(names)", .notAllowed, Value.init(rawValue:)) ?? value
    }

    mutating func flag(_ name: String, _ value: inout Bool) {
        value = code(name, value ? "true" : nil, "must be true or false", .notAllowed, Bool.init) ?? value
    }

    /// - Parameter words: what stands for no and for yes.
    mutating func flag(_ name: String, _ value: inout Bool, words: (no: String, yes: String)) {
        value =
            code(name, value ? words.yes : nil, "must be \(words.no) or \(words.yes)", .notAllowed) { text in
                [words.no: false, words.yes: true][text]
            } ?? value
    }

    mutating func time(_ name: String, _ value: inout Date?) {
        value = code(name, value.map(Timestamp.string), "must be a time as in RFC 3339", .format, RFC3339.date) ?? value
    }

    /// Whole seconds.
    mutating func seconds(_ name: String, _ value: inout Duration?) {
        value =
            code(name, value.map { "\($0.components.seconds)" }, "must be a number of seconds, 0 or more") { text in
                Int64(foreign: text, in: 0 ... .max).map { .seconds($0) }
            } ?? value
    }

    /// How many an answer holds at most.
    mutating func limit(_ value: inout Int) {
        let range = 0...1000
        value =
            code("limit", "\(value)", "must be \(range.lowerBound) to \(range.upperBound)") { text in
                Int(foreign: text, in: range)
            } ?? value
    }

    /// Where a page begins: what the page before calls `next`.
    mutating func after<Cursor: LosslessStringConvertible>(_ value: inout Cursor?) {
        let isCursor = isCursor
        value =
            code("after", value?.description, "must come from the next of a page") { text in
                isCursor(text) ? Cursor(text) : nil
            } ?? value
    }
}
