import HTTPListener
import Hummingbird
import Logging

/// Asks the store on behalf of an operator.
struct StoreAccess: Sendable {
    var store: RequestStore

    /// - Throws: `Problem` with status 503 when the store does not answer.
    func ask<Result>(
        _ context: some RequestContext, _ body: (RequestStore) async throws(StoreError) -> Result
    ) async throws(Problem) -> Result {
        do {
            return try await body(store)
        } catch {
            context.logger.error("The store cannot be used.", metadata: ["error": "\(error)"])
            throw Problem(
                status: .serviceUnavailable, code: "store-unavailable", detail: "The store cannot be used: \(error)")
        }
    }
}
