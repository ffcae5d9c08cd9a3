import Contracts
import Foundation
import Logging
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

@Suite struct EndpointGuardTests {
    private let delivered = CallbackDelivered(
        provider: "portal", providerRequestID: "1",
        Receipt(acceptance: true, httpStatus: 200, attempt: 1, deliveredAt: Date(timeIntervalSince1970: 0)))

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

    /// How an endpoint is that alerts go to is nothing that others are told of; its receipt is that nothing failed.
    @Test func ofARecipientsEndpointNothingIsSaid() async throws {
        var rule = CircuitBreaker.Rule()
        rule.attempts = 2
        rule.firstWait = .zero
        let endpoint = EndpointGuard(
            provider: "pager", concurrency: 8, rate: nil, rule: rule, isPartners: false, logger: Logger(label: "test"))
        let failure = StageFailure.transient("away", "Away.", endpoint: .failed)
        for _ in 1...2 {
            let pass = try await ticket(endpoint)
            #expect(endpoint.left(pass, [.failure(failure)]).allSatisfy { $0 == nil })
        }
        #expect(!endpoint.isOpen)
        let probe = try await ticket(endpoint)
        #expect(endpoint.left(probe, [.success([])]).allSatisfy { $0 == nil })
        #expect(endpoint.isOpen)
    }

    /// Who is told of trouble may want to hear of one organisation's alone.
    @Test func troubleNamesTheOrganizationThatItConcerns() async throws {
        let organizations = PartnerOrganizations()
        var rule = CircuitBreaker.Rule()
        rule.attempts = 2
        let endpoint = EndpointGuard(
            provider: "portal", concurrency: 8, rate: nil, rule: rule, organizations: organizations,
            logger: Logger(label: "test"))
        try await TestServer.serving { connection in
            while try await connection.request() != nil { try await connection.answer("503 Busy") }
        } _: { server in
            let partner = try Partner.fixture(server.template)
            let newest = try CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
            try await withClient { client in
                let handler = CallbackHandler(
                    partners: { Partners(byID: ["portal": partner]) }, client: client, newest: newest,
                    organizations: organizations)
                await #expect(throws: StageFailure.self) {
                    try await handler.handle(Notice(Event<RequestDecided>.fixture()), context: .fixture())
                }
            }
        }
        let failure = StageFailure.transient("away", "Away.", endpoint: .failed)
        let first = try await ticket(endpoint)
        #expect(endpoint.end(first, failure) == nil)
        let second = try await ticket(endpoint)
        let news = try #require(endpoint.end(second, failure) as? EndpointDegraded)
        #expect(news.organization == "relief")
    }

    /// RabbitMQ takes away what is in hand for half an hour.
    @Test func whatIsInHandFollowsTheRate() async throws {
        let endpoint = EndpointGuard(provider: "portal", concurrency: 8, logger: Logger(label: "test"))
        #expect(endpoint.limit == 8)
        endpoint.change(rate: 1.0 / 60)
        #expect(endpoint.limit == 2)
        endpoint.change(rate: 1.0 / 3600)
        #expect(endpoint.limit == 1)
        endpoint.change(rate: 100_000)
        #expect(endpoint.limit == 8)
        endpoint.change(rate: nil)
        #expect(endpoint.limit == 8)
    }

    @Test func whoseTurnComesTooLateWaitsInTheBroker() async throws {
        let endpoint = EndpointGuard(
            provider: "portal", concurrency: 256, rate: 1.0 / 3600, logger: Logger(label: "test"))
        _ = try await ticket(endpoint)
        for _ in 0..<255 {
            guard case .postpone(let failure) = try await endpoint.enter() else {
                Issue.record("it would wait for an hour in hand")
                return
            }
            #expect(failure.kind == .outage(retryAfter: nil))
        }
    }

    private func ticket(_ endpoint: EndpointGuard) async throws -> CircuitBreaker.Ticket {
        guard case .work(let pass) = try await endpoint.enter() else { throw CancellationError() }
        return try #require(pass as? CircuitBreaker.Ticket)
    }
}
