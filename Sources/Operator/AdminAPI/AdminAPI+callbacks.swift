import Contracts
import Foundation
import NIOCore
import NIOHTTP1

extension AdminAPI {
    /// Has CallbackService send a sample to a provider. Waits as long as the provider may take.
    func testCallback(_ provider: ProviderName) async throws(OperatorError) -> CallbackExchange {
        let path = "providers/\(provider.pathSegment)/test"
        // A minute for the attempt, and the time to resolve a name.
        guard let answer = try await sendIfThere(.POST, path, timeout: .seconds(90)) else {
            throw OperatorError(
                "\(base) knows no provider \(provider.name): is it CallbackService's admin listener, and in its callbacks file?"
            )
        }
        return try Self.decode(answer)
    }

    /// The attempts to tell a request's partner, oldest first.
    func callbackAttempts(_ request: UUID) async throws(OperatorError) -> CallbackAttempts {
        guard let answer = try await sendIfThere(.GET, "requests/\(request.canonical)/attempts") else {
            throw Self.noRequest(request)
        }
        return try Self.decode(answer)
    }

    /// Has a request's partner told again what it was last told.
    func resendCallback(_ request: UUID) async throws(OperatorError) -> ResentCallback {
        guard let answer = try await sendIfThere(.POST, "requests/\(request.canonical)/resend") else {
            throw Self.noRequest(request)
        }
        return try Self.decode(answer)
    }

    private static func noRequest(_ id: UUID) -> OperatorError {
        OperatorError("no request has the id \(id.canonical)")
    }
}
