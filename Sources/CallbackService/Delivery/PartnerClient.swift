import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import ServiceRuntime

/// Speaks HTTP with the partners. Stateless but for its pool of connections.
struct PartnerClient: Service {
    /// How much of an answer's body is read; a longer one is cut there and its connection given up.
    static let longestBody = 64 * 1024

    private let client: HTTPClient
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - connectionsPerPartner: as many as there can be callbacks under way, or their time runs out while they queue.
    ///   - now: what a `Retry-After` date is compared with.
    init(connectionsPerPartner: Int, now: @escaping @Sendable () -> Date = { Date() }) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5))
        // Just under the five seconds after which the least patient of the usual servers hang up.
        configuration.connectionPool.idleTimeout = .milliseconds(4500)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerPartner
        // A partner that refuses is tried again from the retry queues; the pool's own patience would hold the slot.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .disabled
        configuration.proxy = nil
        // One callback, one connection: what becomes of one says nothing about the others.
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.now = now
    }

    /// Keeps the connections until the process stops.
    func run() async throws {
        // Cancelled or told to stop, the way out is the same.
        try? await gracefulShutdown()
        try await client.shutdown()
    }

    /// Tells a partner.
    ///
    /// A connection that the partner closed while it was idle shows only when the next request is on its way. Then the
    /// request is sent once more at once, within the same time: by `Idempotency-Key` the partner knows it (RFC 9110, section 9.2.2).
    /// - Returns: the status of the receipt, 200…299.
    /// - Throws: `DeliveryFailure`.
    func tell(_ partner: Partner, _ callback: Callback) async throws(DeliveryFailure) -> Int {
        let deadline = NIODeadline.now() + TimeAmount(partner.timeout)
        let request = Self.request(callback, partner)
        do {
            return try await exchange(request, until: deadline)
        } catch {
            guard error.beforeAnswer, error.failure.code == .reset else { throw error.failure }
        }
        do {
            return try await exchange(request, until: deadline)
        } catch {
            throw error.failure
        }
    }

    private struct ExchangeFailure: Error {
        var failure: DeliveryFailure
        /// Whether nothing of an answer had come.
        var beforeAnswer: Bool
    }

    private func exchange(
        _ request: HTTPClientRequest, until deadline: NIODeadline
    ) async throws(ExchangeFailure) -> Int {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: deadline)
        } catch {
            // The parser has something to complain of only when an answer has begun.
            throw ExchangeFailure(failure: DeliveryFailure(error), beforeAnswer: !(error is HTTPParserError))
        }
        let status = Int(response.status.code)
        do {
            try await drain(response, until: deadline)
        } catch {
            // Another status says more than what then became of the body.
            if (200...299).contains(status) {
                throw ExchangeFailure(failure: DeliveryFailure(error), beforeAnswer: false)
            }
        }
        guard (200...299).contains(status) else {
            let retryAfter = response.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0, now: now()) }
            let failure = DeliveryFailure(
                code: .http(status), message: "The partner answered with HTTP status \(status).", retryAfter: retryAfter
            )
            throw ExchangeFailure(failure: failure, beforeAnswer: false)
        }
        return status
    }

    /// Reads the body away, so that the connection can be used again.
    private func drain(_ response: HTTPClientResponse, until deadline: NIODeadline) async throws {
        // Most receipts have no body, and then no clock is needed: its end came with the head.
        if response.status == .noContent || response.headers.first(name: "content-length") == "0" {
            for try await _ in response.body {}
            return
        }
        // The client's own deadline ends with the head.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var count = 0
                for try await part in response.body {
                    count += part.readableBytes
                    if count > Self.longestBody { return }
                }
            }
            group.addTask {
                let left = deadline - .now()
                try await Task.sleep(for: .nanoseconds(max(0, left.nanoseconds)))
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func request(_ callback: Callback, _ partner: Partner) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: callback.url)
        request.method = .POST
        var headers: [(String, String)] = [
            ("content-type", "application/json"),
            ("user-agent", userAgent),
            ("idempotency-key", callback.idempotencyKey),
        ]
        if let authorization = partner.authorization { headers.append(("authorization", authorization.revealed)) }
        request.headers = HTTPHeaders(headers)
        request.body = .bytes(callback.acceptance ? accepted : declined)
        return request
    }

    private static let accepted = ByteBuffer(string: #"{"acceptance":true,"status":"new"}"#)
    private static let declined = ByteBuffer(string: #"{"acceptance":false,"status":"new"}"#)
    private static let userAgent = "Intake/\(ProcessIdentity.version)"
}
