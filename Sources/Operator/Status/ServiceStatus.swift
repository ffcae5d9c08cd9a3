import Contracts
import Foundation
import Terminal

/// What a service's admin listener says of it.
struct ServiceStatus: Sendable, Equatable, Encodable {
    var service: String
    /// Where it was asked.
    var address: String
    var isReached: Bool
    var isReady: Bool
    /// Which other service answers there; `nil` when it is this one, or an older one that does not say.
    var answeredBy: String?
    /// `nil` when it does not tell.
    var version: String?
    /// What is wrong, a line each: checks that fail, whether they count for readiness or not, or why nobody answers.
    var problems: [String]
    var metrics: PrometheusText
    /// Whether it gave its metrics at all.
    var toldMetrics = false

    enum CodingKeys: CodingKey { case service, address, isReached, isReady, answeredBy, version, problems }

    /// Never throws: who does not answer is a finding, too.
    static func ask(_ service: String, _ api: ServiceAdmin) async -> ServiceStatus {
        var status = ServiceStatus(
            service: service, address: api.base, isReached: false, isReady: false, problems: [],
            metrics: PrometheusText(""))
        do throws(CommandError) {
            let (code, body, name) = try await api.read("health/ready")
            status.isReached = true
            status.isReady = code == 200
            let report = body.split(whereSeparator: \.isNewline)
            status.problems = report.filter { !$0.hasSuffix(": ok") }.map { PrintableText.of(String($0)) }
            if code != 200, code != 503 { status.problems = ["answered \(code): is it an admin listener?"] }
            let (metricsCode, metrics, _) = try await api.read("metrics")
            // An older service says who it is in its metrics alone.
            let build = metricsCode == 200 ? PrometheusText(metrics).samples("intake_build_info").first : nil
            if let name = name ?? build?.labels["service"], name != service {
                // What it says is said of another.
                status.answeredBy = PrintableText.of(name)
                (status.isReached, status.isReady, status.problems) = (false, false, [])
                return status
            }
            if metricsCode == 200 {
                status.metrics = PrometheusText(metrics)
                status.toldMetrics = true
                status.version = build?.labels["version"]
            } else {
                status.problems.append(
                    metricsCode == 401 ? "gives its metrics to the admin token only" : "has no metrics (\(metricsCode))"
                )
            }
        } catch {
            status.problems.append(error.description)
        }
        return status
    }
}

/// Samples in Prometheus' text format 0.0.4.
struct PrometheusText: Sendable, Equatable {
    struct Sample: Sendable, Equatable {
        var labels: [String: String]
        var value: Double
    }

    private var byName: [String: [Sample]] = [:]

    /// What is no sample is passed over.
    init(_ text: String) {
        let line = /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)(?: -?[0-9]+)?/
        let label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/
        for text in text.split(whereSeparator: \.isNewline) where !text.hasPrefix("#") {
            guard let found = text.wholeMatch(of: line), let value = Double(found.3) else { continue }
            var labels: [String: String] = [:]
            for pair in (found.2 ?? "").matches(of: label) {
                labels[String(pair.1)] = String(pair.2).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
            }
            byName[String(found.1), default: []].append(Sample(labels: labels, value: value))
        }
    }

    func samples(_ name: String) -> [Sample] { byName[name] ?? [] }

    /// The sum of a metric's samples; `nil` when there is none.
    func sum(_ name: String, where isWanted: (Sample) -> Bool = { _ in true }) -> Double? {
        guard let samples = byName[name] else { return nil }
        return samples.lazy.filter(isWanted).reduce(0) { $0 + $1.value }
    }
}
