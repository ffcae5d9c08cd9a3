import Foundation
import TestSupport

/// Writes the corpus of hostile answers for checks in other languages, one a line of JSON; what goes over the wire, in
/// Base64.
@main
enum HostileAnswers {
    private struct Line: Encodable {
        var name: String
        var meaning: String
        var early: String
        var answer: String
        var endless: String
        var ending: String
    }

    static func main() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for answer in HostileAnswer.all {
            let line = Line(
                name: answer.name, meaning: "\(answer.meaning)", early: Data(answer.early).base64EncodedString(),
                answer: Data(answer.answer).base64EncodedString(), endless: Data(answer.endless).base64EncodedString(),
                ending: "\(answer.ending)")
            print(String(decoding: try encoder.encode(line), as: UTF8.self))
        }
    }
}
