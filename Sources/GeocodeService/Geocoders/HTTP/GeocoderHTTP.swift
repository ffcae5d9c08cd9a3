import AsyncHTTPClient
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import ServiceRuntime

/// Asks services over HTTP: one GET a question. Stateless but for its connections.
struct GeocoderHTTP: Service {
    /// More than any one service is asked at a time, so that no question waits for a connection within its timeout.
    static let connectionsPerHost = 64

    private let client: HTTPClient
    private let now: @Sendable () -> Date

    /// - Parameter now: what a `Retry-After` date is compared with.
    init(now: @escaping @Sendable () -> Date = { Date() }) {
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: .guarded(connections: Self.connectionsPerHost))
        self.now = now
    }

    /// Keeps the connections until the process stops.
    func run() async throws {
        // Cancelled or told to stop, the way out is the same.
        try? await gracefulShutdown()
        await shutDown()
    }

    func shutDown() async {
        // It fails only for a client that has been shut down.
        try? await client.shutdown()
    }

    /// Asks once.
    /// - Parameters:
    ///   - url: holds an address, and may hold a key: neither it nor a part of it comes back in an error.
    ///   - agent: the User-Agent, see `agent(contact:)`.
    ///   - timeout: for all of it, from connecting to the last byte.
    func get(
        _ url: String, agent: String, timeout: Duration
    ) async throws(GeocoderFailure) -> GeocoderAnswer {
        var request = HTTPClientRequest(url: url)
        request.headers = ["accept": "application/json", "accept-language": "en", "user-agent": agent]
        do {
            return try await exchange(request, until: .now() + TimeAmount(timeout))
        } catch {
            throw GeocoderFailure(error)
        }
    }

    /// `Intake/1.0 (+https://example.org/contact)`: some services answer only those whom they can write to.
    static func agent(contact: String?) -> String {
        let product = "Intake/\(ProcessIdentity.version)"
        return contact.map { "\(product) (+\($0))" } ?? product
    }

    private func exchange(_ request: HTTPClientRequest, until deadline: NIODeadline) async throws -> GeocoderAnswer {
        let response = try await client.execute(request, deadline: deadline)
        var answer = GeocoderAnswer(
            status: Int(response.status.code),
            retryAfter: response.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0, now: now()) },
            body: [])
        do {
            let body = try await response.body(upTo: GeocoderAnswer.longest, until: deadline)
            guard !body.isCut else { throw GeocoderFailure.tooLong }
            answer.body = body.bytes
        } catch  where answer.status != 200 {
            // Another status says more than what then became of the body.
        } catch let error where GeocoderFailure(error).code == "reset" {
            throw GeocoderFailure.cutOff
        }
        return answer
    }
}
