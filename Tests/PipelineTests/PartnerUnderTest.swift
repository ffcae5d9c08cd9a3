import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport

/// The partner's side: takes callbacks at `POST /callbacks/{providerRequestId}`, notes them all, and misbehaves when
/// told.
actor PartnerUnderTest {
    struct Callback: Sendable, Equatable {
        var acceptance: Bool
        var status: String
        var authorization: String?
        /// The same for every callback about one decision.
        var idempotencyKey: String?
        /// Where in its trace it was sent.
        var traceParent: String?
        /// What this one was answered with.
        var answeredWith: Int
    }

    private(set) var callbacks: [String: [Callback]] = [:]
    /// Callbacks that have come and wait for their answer.
    private(set) var held = 0
    private var holding = false
    private var heldAnswers: [CheckedContinuation<Void, Never>] = []
    private var nextAnswers: [String: [Int]] = [:]
    private var everyAnswer: Int?

    /// Answers the next callbacks for an id with these statuses, and those after them with 200.
    func answer(_ id: String, with statuses: [Int]) { nextAnswers[id] = statuses }

    /// Answers every callback with this status; `nil` for what else was said of it.
    func answerAll(with status: Int?) { everyAnswer = status }

    /// Keeps every callback waiting for its answer until `release()`.
    func hold() { holding = true }

    func release() {
        holding = false
        let waiting = heldAnswers
        heldAnswers = []
        waiting.forEach { $0.resume() }
    }

    /// What each request was told, by the partner's id: the callbacks that were answered with 200.
    var told: [String: [Bool]] {
        callbacks.compactMapValues { all in
            let taken = all.filter { $0.answeredWith == 200 }.map(\.acceptance)
            return taken.isEmpty ? nil : taken
        }
    }

    /// Serves until `server` is shut down.
    /// - Parameter onListening: is called with the port.
    nonisolated func server(onListening: @escaping @Sendable (Int) -> Void) -> ServiceGroup {
        let logger = Logger.silent
        let router = Router()
        router.post("callbacks/{id}") { request, context in
            let id = try context.parameters.require("id")
            let body = try await request.body.collect(upTo: 4096)
            let status = await self.take(id, Data(body.readableBytesView), request.headers)
            return Response(status: .init(code: status))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0), backlog: 1024),
            onServerRunning: { onListening($0.localAddress?.port ?? 0) }, logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        return ServiceGroup(configuration: configuration)
    }

    private func take(_ id: String, _ body: Data, _ headers: HTTPFields) async -> Int {
        struct Body: Decodable {
            var acceptance: Bool
            var status: String
        }
        guard let callback = try? JSONDecoder().decode(Body.self, from: body) else { return 400 }
        if holding {
            held += 1
            await withCheckedContinuation { heldAnswers.append($0) }
            held -= 1
        }
        var answer = 200
        if var statuses = nextAnswers[id], !statuses.isEmpty {
            answer = statuses.removeFirst()
            nextAnswers[id] = statuses
        }
        answer = everyAnswer ?? answer
        callbacks[id, default: []].append(
            Callback(
                acceptance: callback.acceptance, status: callback.status, authorization: headers[.authorization],
                idempotencyKey: HTTPField.Name("idempotency-key").flatMap { headers[$0] },
                traceParent: HTTPField.Name("traceparent").flatMap { headers[$0] }, answeredWith: answer))
        return answer
    }
}
