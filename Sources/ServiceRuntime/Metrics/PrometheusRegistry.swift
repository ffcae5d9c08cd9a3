package import CoreMetrics
import Synchronization

/// A swift-metrics backend that renders the Prometheus text format 0.0.4.
///
/// Counters become counters, meters and last-value recorders gauges, aggregating recorders and timers histograms; a
/// timer's label should end in `_seconds`, which is what it renders. What has another name as well is rendered under
/// both, see `MetricAlias`.
package final class PrometheusRegistry: MetricsFactory {
    /// A metric is its label and its dimensions, sorted.
    private struct Key: Hashable {
        let label: String
        let dimensions: [Dimension]

        init(_ label: String, _ dimensions: [(String, String)]) {
            self.label = label
            self.dimensions = dimensions.map(Dimension.init).sorted { $0.name < $1.name }
        }
    }

    private struct Dimension: Hashable {
        let name: String
        let value: String
    }

    private enum Metric {
        case counter(PrometheusCounter)
        case gauge(PrometheusGauge)
        case histogram(PrometheusHistogram)
    }

    private let metrics = Mutex<[Key: Metric]>([:])

    private let aliases: [MetricAlias]

    package init() { aliases = [] }

    init(aliases: [MetricAlias]) { self.aliases = aliases }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions, PrometheusHistogram.sizes) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, PrometheusHistogram.seconds)
    }

    // Metrics live as long as the process.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        metrics.withLock { metrics in
            if case .counter(let counter) = metrics[Key(label, dimensions)] { return counter }
            let counter = PrometheusCounter()
            metrics[Key(label, dimensions)] = .counter(counter)
            return counter
        }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        metrics.withLock { metrics in
            if case .gauge(let gauge) = metrics[Key(label, dimensions)] { return gauge }
            let gauge = PrometheusGauge()
            metrics[Key(label, dimensions)] = .gauge(gauge)
            return gauge
        }
    }

    private func histogram(
        _ label: String, _ dimensions: [(String, String)], _ bounds: [Double]
    ) -> PrometheusHistogram {
        metrics.withLock { metrics in
            if case .histogram(let histogram) = metrics[Key(label, dimensions)] { return histogram }
            let histogram = PrometheusHistogram(bounds: bounds)
            metrics[Key(label, dimensions)] = .histogram(histogram)
            return histogram
        }
    }

    // MARK: Rendering

    /// Everything, sorted by name and dimensions; behind it what the system says of the process.
    package func render() -> String {
        renderOwn()
            + ProcessMetrics.samples().map { sample in
                Self.head(sample.name, sample.kind) + "\(sample.name) \(sample.value)\n"
            }.joined()
    }

    private func renderOwn() -> String {
        var families = Dictionary(
            grouping: metrics.withLock { $0 }.map {
                Line(label: $0.key.label, dimensions: $0.key.dimensions, $0.value)
            },
            by: \.label)
        for alias in aliases {
            let lines = (families[alias.source] ?? []).map { line in
                let labels = alias.labels(line.dimensions.map { ($0.name, $0.value) })
                return Line(
                    label: alias.name, dimensions: Key(alias.name, labels.map { ($0, $1) }).dimensions, line.metric)
            }
            if !lines.isEmpty { families[alias.name, default: []] += lines }
        }
        var text = ""
        for (label, family) in families.sorted(by: { $0.key < $1.key }) {
            let lines = family.map { (dimensions: Self.text($0.dimensions), metric: $0.metric) }
                .sorted { $0.dimensions < $1.dimensions }
            for (index, line) in lines.enumerated() {
                if index == 0 { text += Self.head(label, Self.kind(line.metric)) }
                text += Self.samples(label, line.dimensions, line.metric)
            }
        }
        return text
    }

    /// A metric as it is rendered.
    private struct Line {
        var label: String
        var dimensions: [Dimension]
        var metric: Metric

        init(label: String, dimensions: [Dimension], _ metric: Metric) {
            self.label = label
            self.dimensions = dimensions
            self.metric = metric
        }
    }

    private static func head(_ name: String, _ kind: String) -> String {
        let help = MetricDescriptions.all[name].map { "# HELP \(name) \($0)\n" } ?? ""
        return "\(help)# TYPE \(name) \(kind)\n"
    }

    private static func kind(_ metric: Metric) -> String {
        switch metric {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func samples(_ label: String, _ dimensions: String, _ metric: Metric) -> String {
        let braced = dimensions.isEmpty ? "" : "{\(dimensions)}"
        switch metric {
        case .counter(let counter):
            return "\(label)\(braced) \(counter.value)\n"
        case .gauge(let gauge):
            return "\(label)\(braced) \(gauge.value)\n"
        case .histogram(let histogram):
            let snapshot = histogram.snapshot()
            var text = ""
            let separator = dimensions.isEmpty ? "" : ","
            for (bound, count) in snapshot.buckets {
                text += "\(label)_bucket{\(dimensions)\(separator)le=\"\(bound)\"} \(count)\n"
            }
            text += "\(label)_bucket{\(dimensions)\(separator)le=\"+Inf\"} \(snapshot.count)\n"
            text += "\(label)_sum\(braced) \(snapshot.sum)\n"
            return text + "\(label)_count\(braced) \(snapshot.count)\n"
        }
    }

    /// `a="x",b="y"`, with the escapes that the format asks for.
    private static func text(_ dimensions: [Dimension]) -> String {
        dimensions.map { dimension in
            let value = dimension.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(dimension.name)=\"\(value)\""
        }.joined(separator: ",")
    }
}
