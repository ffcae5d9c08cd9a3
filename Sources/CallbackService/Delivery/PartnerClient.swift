import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import ServiceRuntime

/// Speaks HTTP with the partners. Stateless but for its connections.
struct PartnerClient: Service {
    /// How many of a host's addresses one attempt tries, when it cannot connect.
    private static let mostAddresses = 4

    private let destinations: Destinations
    private let requests: PartnerRequestMetrics
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - connectionsPerPartner: as many as there can be callbacks under way, or their time runs out while they queue.
    ///   - now: what a `Retry-After` date is compared with, and what signatures are dated by.
    init(
        connectionsPerPartner: Int, lookup: HostLookup = .ofSystem,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        requests: PartnerRequestMetrics = PartnerRequestMetrics(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        destinations = Destinations(connections: connectionsPerPartner, lookup: lookup, now: clock)
        self.requests = requests
        self.now = now
    }

    /// Keeps the connections until the process stops.
    func run() async throws {
        // Cancelled or told to stop, the way out is the same.
        try? await gracefulShutdown()
        await destinations.shutDown()
    }

    /// Tells a partner.
    ///
    /// A connection that the partner closed while it was idle shows only when the next request is on its way. Then the
    /// request is sent once more at once, within the same time: by `Idempotency-Key` the partner knows it (RFC 9110,
    /// section 9.2.2).
    /// - Parameter recorder: is told everything, for an operator who wants to see it.
    /// - Throws: `DeliveryFailure`.
    func tell(
        _ partner: Partner, _ callback: Callback, recorder: ExchangeRecorder? = nil
    ) async throws(DeliveryFailure) -> PartnerReceipt {
        let deadline = NIODeadline.now() + TimeAmount(partner.timeout)
        let request = partner.request(callback, at: now())
        recorder?.sends(request)
        let destination = destinations[partner]
        defer { recorder?.looked(at: destination.verdicts) }
        let clients = try await destination.clients(until: deadline)
        var failure: DeliveryFailure?
        for client in clients.prefix(Self.mostAddresses) where client.begin() {
            defer { client.end() }
            recorder?.uses(client)
            do {
                let exchange = Exchange(
                    partner: partner, client: client, deadline: deadline, requests: requests, now: now,
                    recorder: recorder)
                let status = try await exchange.run(request)
                if failure != nil { destination.prefer(client) }
                return PartnerReceipt(status: status, addressFamily: client.address?.family)
            } catch {
                failure = error
                guard error.isOfConnecting else { throw error }
            }
        }
        // None that takes an exchange: the destination was given up between being asked and being used.
        throw failure ?? DeliveryFailure(.network)
    }
}
