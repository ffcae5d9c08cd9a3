import AsyncHTTPClient
import Foundation
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
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5))
        // Just under the five seconds after which the least patient of the usual servers hang up.
        configuration.connectionPool.idleTimeout = .milliseconds(4500)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connectionsPerHost
        // Whoever is away is asked again by whoever asks us; the pool's own patience would hold the place.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A compressed answer could be a thousand times as long as what was read of it.
        configuration.decompression = .disabled
        // Nobody collects spans, and the library would fill in one for each request.
        configuration.tracing.tracer = nil
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
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
            return try await answer(to: request, within: timeout)
        } catch {
            throw GeocoderFailure(error)
        }
    }

    /// `Intake/1.0 (+https://example.org/contact)`: some services answer only those whom they can write to.
    static func agent(contact: String?) -> String {
        let product = "Intake/\(ProcessIdentity.version)"
        return contact.map { "\(product) (+\($0))" } ?? product
    }

    /// The client's own deadline ends with the head: so the exchange and the clock, side by side, and whichever ends
    /// first cancels the other.
    private func answer(to request: HTTPClientRequest, within timeout: Duration) async throws -> GeocoderAnswer {
        try await withThrowingTaskGroup(of: GeocoderAnswer.self) { group in
            // The exchange, and beside it the clock.
            group.addTask { try await exchange(request, until: .now() + TimeAmount(timeout)) }
            // Ends only by throwing: the time is over, or the exchange has cancelled it.
            group.addTask {
                try await Task.sleep(for: timeout)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func exchange(_ request: HTTPClientRequest, until deadline: NIODeadline) async throws -> GeocoderAnswer {
        let response = try await client.execute(request, deadline: deadline)
        var answer = GeocoderAnswer(
            status: Int(response.status.code),
            retryAfter: response.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0, now: now()) },
            body: [])
        do {
            answer.body = try await body(of: response)
        } catch  where answer.status != 200 {
            // Another status says more than what then became of the body.
        } catch let error where GeocoderFailure(error).code == "reset" {
            throw GeocoderFailure.cutOff
        }
        return answer
    }

    /// Leaving it half read closes the connection, so that no more of it is sent.
    private func body(of response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in response.body {
            guard bytes.count + part.readableBytes <= GeocoderAnswer.longest else { throw GeocoderFailure.tooLong }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }
}
