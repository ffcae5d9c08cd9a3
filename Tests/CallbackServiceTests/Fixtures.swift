import Contracts
import Foundation
import Logging
import ServiceRuntime

@testable import CallbackService

extension Partner {
    /// A partner of which a test says only what matters to it.
    static func fixture(
        _ template: String, authorization: String? = nil, timeout: Duration = .seconds(10)
    ) throws -> Partner {
        Partner(url: try URLTemplate(template), authorization: authorization.map(Secret.init), timeout: timeout)
    }
}

extension Event<RequestDecided> {
    static func fixture(
        provider: String = "portal", providerRequestID: String = "r-1", acceptance: Bool = true
    ) -> Event<RequestDecided> {
        Event(
            id: UUID(uuid: (0xE7, 2, 3, 4, 5, 6, 0x57, 8, 0x89, 10, 11, 12, 13, 14, 15, 16)),
            source: "/intake/decision",
            time: Date(timeIntervalSince1970: 1_800_000_000),
            requestID: RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16))),
            data: RequestDecided(
                provider: provider, providerRequestID: providerRequestID, organization: "relief",
                acceptance: acceptance,
                reason: acceptance ? .covered : .notCovered, rule: nil, coverageVersion: "v1",
                acceptedAt: Date(timeIntervalSince1970: 1_799_999_999)))
    }
}

extension StageContext {
    static func fixture(attempt: Int = 1) -> StageContext {
        StageContext(
            attempt: attempt, maxAttempts: 11, now: Date(timeIntervalSince1970: 1_800_000_000),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Runs a client as the process does, and shuts it down.
func withClient(
    now: Date = Date(timeIntervalSince1970: 1_800_000_000),
    _ body: @escaping @Sendable (PartnerClient) async throws -> Void
) async throws {
    let client = PartnerClient(connectionsPerPartner: 16, now: { now })
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await client.run() }
        do {
            try await body(client)
        } catch {
            group.cancelAll()
            try await group.waitForAll()
            throw error
        }
        group.cancelAll()
        try await group.waitForAll()
    }
}
