import AsyncHTTPClient
import Contracts
import HTTPExchange
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Tracing

/// Sends ended spans to a collector, in batches, by OTLP over HTTP
/// (https://opentelemetry.io/docs/specs/otlp/#otlphttp).
///
/// Nobody waits for it: while the collector is away a batch is tried again for half a minute, and what comes meanwhile
/// and does not fit is dropped and counted.
struct SpanExport: Service {
    /// Not for operators: they fit any machine.
    struct Limits: Sendable {
        /// Spans that wait; some kilobytes each.
        var waiting = 8192
        /// Spans of a batch.
        var batch = 512
        /// How often it looks.
        var pace = Duration.milliseconds(500)
        var timeout = Duration.seconds(10)
        /// How often a batch is sent before it is given up, and how long is waited after the first time; then twice as
        /// long, and so on.
        var attempts = 5
        var firstWait = Duration.seconds(2)
        /// For all that is left when the process stops.
        var farewell = Duration.seconds(2)
    }

    let spans: EndedSpans
    let settings: TraceSettings
    let identity: ProcessIdentity
    let logger: Logger
    var limits = Limits()

    /// - Returns: what records spans, and what is to run so that they go out.
    static func make(
        _ settings: TraceSettings, identity: ProcessIdentity, logger: Logger, limits: Limits = Limits()
    ) -> (recorder: SpanRecorder, export: SpanExport) {
        let spans = EndedSpans(limit: limits.waiting)
        return (
            SpanRecorder(spans, oneIn: settings.oneIn),
            SpanExport(spans: spans, settings: settings, identity: identity, logger: logger, limits: limits)
        )
    }

    func run() async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .guarded(connections: 1))
        var troubled = false
        while await pause(limits.pace) { await send(by: client, &troubled) }
        // What its shutdown has to say is nobody's any more.
        if !Task.isCancelled { await sendLast(by: client) }
        try? await client.shutdown()
    }

    /// - Returns: `false` when the process stops.
    private func pause(_ duration: Duration) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
        } catch {
            return false
        }
        return !Task.isShuttingDownGracefully
    }

    /// Sends what there is; ends early when the process stops.
    private func send(by client: HTTPClient, _ troubled: inout Bool) async {
        while true {
            let batch = spans.take(limits.batch)
            guard !batch.isEmpty else { return }
            let body = ByteBuffer(bytes: OTLPText.bytes(batch, of: identity))
            var wait = limits.firstWait
            var answer = await post(body, by: client, within: limits.timeout)
            for _ in 1..<limits.attempts {
                guard case .later(let problem) = answer else { break }
                say(problem, &troubled)
                guard await pause(wait) else { break }
                wait *= 2
                answer = await post(body, by: client, within: limits.timeout)
            }
            say(answer.problem, &troubled)
            spans.count(batch.count, answer.problem == nil ? .exported : .refused)
        }
    }

    /// Each batch once, and all of them within a moment.
    private func sendLast(by client: HTTPClient) async {
        let end = ContinuousClock.now + limits.farewell
        while true {
            let batch = spans.take(limits.batch)
            let left = ContinuousClock.now.duration(to: end)
            guard !batch.isEmpty else { return }
            guard left > .zero else { return spans.count(batch.count, .dropped) }
            let body = ByteBuffer(bytes: OTLPText.bytes(batch, of: identity))
            let answer = await post(body, by: client, within: left)
            spans.count(batch.count, answer.problem == nil ? .exported : .refused)
        }
    }

    private enum Answer {
        case taken
        /// It may be taken another time.
        case later(String)
        /// It never will be.
        case refused(String)

        var problem: String? {
            switch self {
            case .taken: nil
            case .later(let problem), .refused(let problem): problem
            }
        }
    }

    private func post(_ body: ByteBuffer, by client: HTTPClient, within limit: Duration) async -> Answer {
        var request = HTTPClientRequest(url: settings.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "Intake/\(ProcessIdentity.version)")
        if let authorization = settings.authorization {
            request.headers.add(name: "authorization", value: authorization.revealed)
        }
        request.body = .bytes(body)
        let deadline = NIODeadline.now() + TimeAmount(limit)
        do {
            let response = try await client.execute(request, deadline: deadline)
            // To its end, so that the connection can be used again. What it says beside the status is not needed.
            _ = try await response.body(upTo: 4096, until: deadline)
            switch response.status.code {
            case 200...299: return .taken
            // Those that the protocol calls retryable.
            case 429, 502, 503, 504: return .later("it answers with HTTP status \(response.status.code)")
            default: return .refused("it answers with HTTP status \(response.status.code)")
            }
        } catch {
            return .later(NetworkFailure(error).words)
        }
    }

    /// Once when it begins, and once when it is over.
    private func say(_ problem: String?, _ troubled: inout Bool) {
        if let problem, !troubled {
            logger.warning("The collector does not take spans of traces", metadata: ["error": "\(problem)"])
        } else if problem == nil, troubled {
            logger.notice("The collector takes spans of traces again")
        }
        troubled = problem != nil
    }
}
