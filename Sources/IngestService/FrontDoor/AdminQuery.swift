import Contracts
import Foundation
import HTTPListener
import Hummingbird

/// Reads query parameters, and collects everything that is wrong with them.
struct AdminQuery {
    static let limits = 0...1000
    static let defaultLimit = 100

    private let parameters: Parameters
    private var errors: [FieldError] = []

    init(_ parameters: Parameters) { self.parameters = parameters }

    /// A value that `parse` understands; `nil` when the parameter is absent.
    mutating func value<Value>(
        _ name: String, _ detail: String, code: FieldError.Code = .format, _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = parameters.get(name) else { return nil }
        if let value = parse(text) { return value }
        errors.append(FieldError(pointer: "/\(name)", detail: detail, code: code))
        return nil
    }

    mutating func limit() -> Int {
        let range = Self.limits
        return value("limit", "must be \(range.lowerBound) to \(range.upperBound)") { text in
            Int(foreign: text, in: range)
        } ?? Self.defaultLimit
    }

    /// The time that lies as many seconds ago as the parameter says.
    mutating func olderThan(_ now: Date) -> Date? {
        value("olderThan", "must be a number of seconds, 0 or more") { text in
            Int64(foreign: text, in: 0 ... .max).map { now.before(.seconds($0)) }
        }
    }

    mutating func stage() -> Stage? {
        value("stage", "must be one of \(Stage.allCases.map(\.rawValue).joined(separator: ", "))", code: .notAllowed) {
            Stage(rawValue: $0)
        }
    }

    /// - Throws: `Problem` with status 400 that names everything that was wrong.
    func check() throws(Problem) {
        guard errors.isEmpty else { throw .badQuery(errors) }
    }
}
