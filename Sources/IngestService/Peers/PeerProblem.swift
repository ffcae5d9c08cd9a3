import AdminAPI
import AdminCalls

/// Why another service did not do what was asked.
struct PeerProblem: Error, Sendable, Equatable {
    /// Holds no secret.
    var text: String
    /// What was answered instead; `nil` when nothing was, or nothing that is understood.
    var status: Int?
}

extension AdminClient {
    /// - Returns: what was answered; `nil` for 404.
    /// - Throws: for any other status that is no success, and when nobody answers.
    func ask<Endpoint: AdminEndpoint>(
        _ call: AdminCall<Endpoint>, timeout: Duration
    ) async throws(PeerProblem) -> Endpoint.Answer? {
        do throws(AdminFailure) { return try await send(call, timeout: timeout) } catch {
            switch error {
            case .unreachable(let reason): throw PeerProblem(text: "\(base) does not answer (\(reason))")
            case .problem(let problem) where problem.status == 404: return nil
            case .problem(let problem) where problem.status == 401:
                throw PeerProblem(text: "\(base) wants another token")
            case .problem(let problem):
                throw PeerProblem(text: "\(base) answers with status \(problem.status)", status: problem.status)
            case .notUnderstood, .unwritable:
                throw PeerProblem(text: "\(base) answers what this version does not understand")
            }
        }
    }
}
