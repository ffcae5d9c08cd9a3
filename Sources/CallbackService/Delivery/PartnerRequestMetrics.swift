import CoreMetrics
import Metrics
import Synchronization

/// How long partners took to answer, by host and status, under OpenTelemetry's name
/// (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpclientrequestduration).
///
/// Hosts are those of `callbacks.yaml`. A partner could answer with every status there is: beyond so many it is counted
/// under their first digit alone.
final class PartnerRequestMetrics: Sendable {
    static let mostStatuses = 24

    private struct Key: Hashable {
        var host: String
        var port: Int
        var status: Int?
        var error: String?
    }

    private struct State {
        var timers: [Key: Timer] = [:]
        var statuses: [String: Set<Int>] = [:]
    }

    private let factory: any MetricsFactory
    private let state = Mutex(State())

    init(factory: any MetricsFactory = MetricsSystem.factory) { self.factory = factory }

    /// - Parameters:
    ///   - status: of an answer, whether it was a receipt or not.
    ///   - error: why there is none; `nil` where there is one.
    func record(_ url: URLTemplate, status: Int?, error: String?, _ duration: Duration) {
        let host = url.host.unbracketed
        let timer = state.withLock { state in
            var status = status
            if let given = status, state.statuses[host]?.contains(given) != true {
                if state.statuses[host, default: []].count < Self.mostStatuses {
                    state.statuses[host, default: []].insert(given)
                } else {
                    status = given / 100 * 100
                }
            }
            let key = Key(
                host: host, port: url.port, status: status,
                error: error ?? status.flatMap { $0 >= 400 ? String($0) : nil })
            if let timer = state.timers[key] { return timer }
            let timer = Timer(
                label: "http_client_request_duration_seconds", dimensions: Self.dimensions(key), factory: factory)
            state.timers[key] = timer
            return timer
        }
        let (seconds, attoseconds) = duration.components
        timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private static func dimensions(_ key: Key) -> [(String, String)] {
        var dimensions = [
            ("http_request_method", "POST"), ("server_address", key.host), ("server_port", String(key.port)),
        ]
        if let status = key.status { dimensions.append(("http_response_status_code", String(status))) }
        if let error = key.error { dimensions.append(("error_type", error)) }
        return dimensions
    }
}
