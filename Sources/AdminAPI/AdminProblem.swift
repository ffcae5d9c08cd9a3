import Contracts

/// An answer that is no success: problem details (RFC 9457), as far as they can be read. Whatever else answers on that
/// port need not speak JSON.
package struct AdminProblem: Error, Sendable, Equatable {
    package var status: Int
    /// Names the kind of problem.
    package var code: String?
    /// For people.
    package var detail: String?
    /// What is wrong with a draft, where that is what it is about.
    package var draft: DraftFaults?

    private struct Document: Decodable {
        var code: String?
        var detail: String?
    }

    package init(status: Int, body: [UInt8]) {
        self.status = status
        // A proxy's page, or a part of one: the status says what there is to say.
        let document = try? WireJSON.value(Document.self, from: body)
        (code, detail) = (document?.code, document?.detail)
        // Few problems are about a draft.
        draft = try? WireJSON.value(DraftFaults.self, from: body)
    }
}
