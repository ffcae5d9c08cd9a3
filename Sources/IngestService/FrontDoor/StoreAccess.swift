import Contracts
import HTTPListener
import Hummingbird
import Logging

/// The store as controllers ask it: the one place where its errors become answers.
struct StoreAccess: Sendable {
    /// Who asks, and what for: what the answer says, and to whom.
    enum Purpose {
        /// A client has something to store.
        case write
        /// A client wants to know something.
        case read
        /// An operator, who is told what is wrong.
        case operate
    }

    var store: RequestStore
    /// Seconds after which a client is to ask again; `nil` leaves it open.
    var retryAfter: @Sendable () -> Int? = { nil }

    /// - Throws: `Problem` with status 503 when the store does not answer; what else `body` throws.
    func ask<Result>(
        _ purpose: Purpose = .operate, _ logger: Logger, _ body: (RequestStore) async throws -> Result
    ) async throws -> Result {
        do { return try await body(store) } catch let error as StoreError {
            logger.error("The store cannot be used.", metadata: ["error": "\(error)"])
            throw Problem.storeUnavailable(error, purpose, retryAfter: retryAfter())
        }
    }
}

extension Problem {
    fileprivate static func storeUnavailable(
        _ error: StoreError, _ purpose: StoreAccess.Purpose, retryAfter: Int?
    ) -> Problem {
        let detail =
            switch purpose {
            case .write where error.code == .uncertain:
                "Whether the request was stored is not known; send it again later: if it was, you are told its id."
            case .write: "The request could not be stored. Nothing was kept of it; send it again later."
            case .read: "The store could not be read."
            case .operate: "The store cannot be used: \(error)"
            }
        var problem = Problem(status: .serviceUnavailable, code: "store-unavailable", detail: detail)
        if let retryAfter { problem.headers[.retryAfter] = String(retryAfter) }
        return problem
    }
}

extension RequestContext {
    /// The request's id in the path.
    /// - Throws: `Problem` with status 404 when it is none, which says how to ask by another.
    func requestID() throws(Problem) -> Contracts.RequestID {
        guard let id = parameters.get("id").flatMap(Contracts.RequestID.init) else { throw .noRequestID }
        return id
    }
}
