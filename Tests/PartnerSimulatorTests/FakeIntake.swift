import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import Terminal
import TestSupport

@testable import PartnerSimulator

/// An Intake for the simulator's tests: answers each POST as the test says, and calls back when the test says so.
final class FakeIntake: Sendable {
    /// A POST that came.
    struct Post: Sendable {
        var id: String
        /// 1 for the first POST of this id.
        var number: Int
        var authorization: String?
    }

    private let state = Mutex((posts: [String: Int](), callbackPort: 0))
    private let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
    /// Opens when the simulation has ended: an answer that waits for it never comes.
    let simulated = Gate()

    var postCount: Int { state.withLock { $0.posts.values.reduce(0, +) } }

    /// Runs a simulation against it.
    /// - Parameters:
    ///   - configure: changes the simulation, whose callback port is any that is free.
    ///   - answer: what a POST is answered with.
    func simulate(
        _ source: RequestSource, configure: (inout Simulation) -> Void = { _ in },
        interruption: @escaping @Sendable () async -> Void = { await Gate().wait() },
        answer: @escaping @Sendable (FakeIntake, Post) async throws -> Response
    ) async throws -> SimulationReport {
        let listening = AsyncStream<Int>.makeStream()
        let logger = Logger.silent
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await self.respond(request, answer) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger)
        let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
        let report = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var port = 0
            for await bound in listening.stream {
                port = bound
                break
            }
            var simulation = Simulation(
                source: source, api: PartnerAPI(base: "http://127.0.0.1:\(port)", token: "t0ken"),
                callbacks: .init(host: "127.0.0.1", port: 0, authorization: nil), rate: nil, concurrency: 4,
                timeout: .seconds(30))
            configure(&simulation)
            let report = try await simulation.run(
                display: ProgressDisplay(isTerminal: false, interval: .seconds(60), write: { _ in }),
                interruption: interruption,
                listening: { port in state.withLock { $0.callbackPort = port } })
            simulated.open()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return report
        }
        try await client.shutdown()
        return report
    }

    /// Calls the partner back.
    @discardableResult
    func call(
        _ id: String, body: String = #"{"acceptance":true,"status":"new"}"#, authorization: String? = nil,
        headers: [String: String] = [:], path: String = "/callbacks/"
    ) async throws -> Int {
        let port = state.withLock { $0.callbackPort }
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)\(id)")
        request.method = .POST
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await client.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1024)
        return Int(response.status.code)
    }

    /// Calls the partner back as often as it takes until it says that all is well, under one key.
    /// - Parameters:
    ///   - limit: how many attempts are made at most.
    ///   - timeout: for the head of the first answer.
    /// - Returns: what each attempt came to: a status, with what the body begins with, or that there was none.
    func tell(_ id: String, limit: Int = 10, timeout: TimeAmount = .seconds(10)) async throws -> [String] {
        let port = state.withLock { $0.callbackPort }
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/callbacks/\(id)")
        request.method = .POST
        request.headers.add(name: "idempotency-key", value: "key-\(id)")
        request.body = .bytes(ByteBuffer(string: #"{"acceptance":true,"status":"new"}"#))
        var outcomes: [String] = []
        while outcomes.last != Self.receipt, outcomes.count < limit {
            do {
                let response = try await client.execute(request, timeout: outcomes.isEmpty ? timeout : .seconds(10))
                var beginning = ""
                for try await part in response.body {
                    beginning = String(buffer: part).prefix(9).description
                    break
                }
                outcomes.append("\(response.status.code) \(beginning)")
            } catch {
                outcomes.append("none")
            }
        }
        return outcomes
    }

    /// What a misbehaving partner's good answer begins with.
    static let receipt = #"200 {"ok":tru"#

    /// The answer to an accepted request.
    static func accepted(_ id: String) -> Response {
        Response(status: .accepted, headers: [.location: "/api/jobs/\(id)"])
    }

    private func respond(
        _ request: Request, _ answer: @Sendable (FakeIntake, Post) async throws -> Response
    ) async throws -> Response {
        if request.method == .get {
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"status":"in-progress","stage":"callback"}"#)))
        }
        let body = try await request.body.collect(upTo: 1 << 16)
        let object = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
        let id = object?["providerRequestId"] as? String ?? ""
        let number = state.withLock { state in
            state.posts[id, default: 0] += 1
            return state.posts[id] ?? 0
        }
        return try await answer(self, Post(id: id, number: number, authorization: request.headers[.authorization]))
    }
}
