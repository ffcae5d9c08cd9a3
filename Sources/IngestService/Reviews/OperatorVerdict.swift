import Contracts
import HTTPListener

/// What an operator decides in a review: `decision`, `by` and perhaps a `note`.
struct OperatorVerdict: Sendable, Equatable {
    /// Characters.
    static let longestName = 128

    var answer: ReviewAnswer
    /// Who decides.
    var by: String
    var note: String?

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when members are missing or cannot be.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> OperatorVerdict {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw .malformed }
        guard case .object(let object) = json else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        func text(_ name: String) -> String? { if case .string(let text) = object[name] { text } else { nil } }
        var errors: [FieldError] = []
        let answer = text("decision").flatMap(ReviewAnswer.init)
        if answer == nil {
            errors.append(FieldError(pointer: "/decision", detail: "must be accept or decline", code: .notAllowed))
        }
        let by = text("by").flatMap { $0.utf8.count <= 12 * longestName ? NormalText.of($0) : nil } ?? ""
        if by.isEmpty || by.count > longestName || by.unicodeScalars.contains(where: NormalText.isForbidden) {
            errors.append(
                FieldError(pointer: "/by", detail: "must be 1 to \(longestName) printable characters", code: .format))
        }
        let note = text("note")
        if let error = note.flatMap(RequestPatch.check(note:)) { errors.append(error) }
        guard errors.isEmpty, let answer else { throw .invalid(errors) }
        return OperatorVerdict(answer: answer, by: by, note: note)
    }
}
