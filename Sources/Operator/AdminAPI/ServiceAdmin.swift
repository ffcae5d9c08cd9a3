import AdminAPI
import AdminCalls
import Contracts
import Terminal

/// A service's admin API, as commands call it: whatever goes wrong is said in a sentence.
struct ServiceAdmin: Sendable {
    let client: AdminClient
    private let hasToken: Bool
    private let service: AdminService
    private let option: String

    /// - Parameters:
    ///   - service: whose it is, for errors.
    ///   - option: what says where it is, for errors.
    init(base: String, token: String?, service: AdminService = .ingest, option: String = "--admin-url") {
        client = AdminClient(base: base, token: token, longestAnswer: Self.longestAnswer)
        hasToken = token != nil
        self.service = service
        self.option = option
    }

    /// Bytes: a page of dead letters with their bodies.
    private static let longestAnswer = 256 * 1024 * 1024

    /// Scheme, host and port, perhaps with a path before the root.
    var base: String { client.base }

    /// - Parameter missing: what a 404 means; by default that the endpoint is not there.
    func send<Endpoint: AdminEndpoint>(
        _ call: AdminCall<Endpoint>, missing: String? = nil
    ) async throws(CommandError) -> Endpoint.Answer {
        guard let answer = try await find(call) else { throw missing.map { CommandError($0) } ?? nothing(at: call) }
        return answer
    }

    /// - Returns: `nil` for 404.
    func find<Endpoint: AdminEndpoint>(
        _ call: AdminCall<Endpoint>
    ) async throws(CommandError) -> Endpoint.Answer? {
        do throws(AdminFailure) { return try await client.send(call, timeout: Endpoint.patience) } catch {
            if error.problem?.status == 404 { return nil }
            throw self.error(error)
        }
    }

    /// Whatever else the listener has: health and metrics.
    func read(_ path: String) async throws(CommandError) -> (status: Int, body: String, service: String?) {
        do throws(AdminFailure) { return try await client.read(path, timeout: .seconds(10)) } catch {
            throw self.error(error)
        }
    }

    func error(_ failure: AdminFailure) -> CommandError {
        switch failure {
        case .unreachable(let reason):
            CommandError("the admin API at \(base) cannot be reached (\(reason)): see \(option)")
        case .problem(let problem) where problem.status == 401:
            CommandError("the admin API at \(base) wants \(hasToken ? "another" : "a") token: give --admin-token")
        case .problem(let problem):
            CommandError(
                "the admin API answered \(problem.status): "
                    + (problem.detail.map(PrintableText.of) ?? "no details given"))
        case .notUnderstood: CommandError("the admin API answered with what this version does not understand")
        case .unwritable: CommandError("the order cannot be written as JSON")
        }
    }

    /// For a 404 that is not about what was asked for.
    private func nothing<Endpoint: AdminEndpoint>(at call: AdminCall<Endpoint>) -> CommandError {
        let path = call.target.prefix { $0 != "?" }
        return CommandError("\(base) has no \(path): is it \(service.name)'s admin listener?")
    }
}
