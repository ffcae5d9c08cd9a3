@testable import CallbackService

extension Harness {
    static let pattern = Harness(
        "pattern", "a receipt rule's pattern in the first line, an answer's text behind it"
    ) { input in
        guard let pattern = try? TextPattern(input.line()) else { return }
        let answer = AnswerBody(bytes: input.bytes)
        _ = pattern.isFound(in: answer.text(upTo: TextPattern.longestText))
    }
}
