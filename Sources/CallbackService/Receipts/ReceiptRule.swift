import Contracts

/// What counts as a partner's receipt. Whatever else comes, the partner has not been told.
struct ReceiptRule: Sendable, Equatable, CustomStringConvertible {
    /// What the file may name: a redirect or a server's failure is no receipt, whatever the file says.
    static let allowedStatuses: [ClosedRange<Int>] = [200...299, 400...499]

    /// `nil` for every status from 200 to 299.
    var statuses: Set<Int>?
    /// All of them must hold.
    var body: [BodyCondition] = []

    func takes(status: Int) -> Bool { statuses?.contains(status) ?? (200...299).contains(status) }

    /// Looks at the body of an answer whose status is taken.
    /// - Returns: which condition does not hold, in one sentence; `nil` when it is a receipt.
    func objection(to answer: AnswerBody) -> String? {
        guard !body.isEmpty else { return nil }
        let needsJSON = body.contains(where: \.isAboutJSON)
        // What does not parse is the rule's to judge: no condition about JSON holds then.
        let json = needsJSON && !answer.isCut ? try? JSONValue(parsing: answer.bytes) : nil
        let text = answer.text(upTo: TextPattern.longestText)
        guard let broken = body.first(where: { !$0.holds(json: json, text: text) }) else { return nil }
        let why =
            !broken.isAboutJSON || json != nil ? "" : answer.isCut ? ": the body is too long" : ": the body is no JSON"
        return "The partner's answer breaks the receipt rule \"\(broken)\"\(why)."
    }

    var description: String {
        let status = statuses.map { "status \($0.sorted().map(String.init).joined(separator: ", "))" } ?? "status 2xx"
        return ([status] + body.map(\.description)).joined(separator: "; ")
    }
}
