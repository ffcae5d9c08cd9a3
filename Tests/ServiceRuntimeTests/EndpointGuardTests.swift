import Contracts
import Foundation
import Logging
import Testing

@testable import ServiceRuntime

@Suite struct EndpointGuardTests {
    private let delivered = CallbackDelivered(
        provider: "portal", providerRequestID: "1", acceptance: true, httpStatus: 200, attempt: 1,
        deliveredAt: Date(timeIntervalSince1970: 0))

    /// What an earlier process said of the endpoint would stand for ever.
    @Test func theFirstAnswerOfAProcessSaysThatWhateverWasIsOver() async throws {
        let endpoint = EndpointGuard(provider: "portal", concurrency: 16, logger: Logger(label: "test"))
        let before = Date(timeIntervalSinceNow: 1)
        let silent = try await ticket(endpoint)
        #expect(endpoint.end(silent, [any EventData]()) == nil, "it was not asked")
        let first = try await ticket(endpoint)
        let news = try #require(endpoint.end(first, [delivered]) as? EndpointRecovered)
        #expect(news.provider == "portal" && news.degradedSince <= before)
        let second = try await ticket(endpoint)
        #expect(endpoint.end(second, [delivered]) == nil)
    }

    private func ticket(_ endpoint: EndpointGuard) async throws -> CircuitBreaker.Ticket {
        guard case .work(let ticket) = try await endpoint.enter() else { throw CancellationError() }
        return ticket
    }
}
