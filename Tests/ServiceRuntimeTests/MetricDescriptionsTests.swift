import Foundation
import TestSupport
import Testing

@testable import ServiceRuntime

@Suite struct MetricDescriptionsTests {
    /// A metric without a description has no `HELP` line, and nobody finds it in docs/metrics.md.
    @Test func everyMetricOfTheSourcesIsDescribed() throws {
        var labels: Set<String> = []
        let sources = try #require(FileManager.default.enumerator(atPath: Repository.path("Sources")))
        for case let path as String in sources where path.hasSuffix(".swift") {
            let text = try String(contentsOfFile: Repository.path("Sources/\(path)"), encoding: .utf8)
            for match in text.matches(of: /"((?:intake|amqp|process|http_server|http_client|messaging)_[a-z_]+)"/) {
                labels.insert(String(match.1))
            }
        }
        let described = Set(MetricDescriptions.all.keys)
        #expect(described.subtracting(labels) == [])
        // Other names in quotation marks are those of tables' and programs' own.
        let metrics = labels.filter { $0.contains(/_(total|seconds|info|bytes|fds)$/) || described.contains($0) }
        #expect(metrics.subtracting(described) == [])
    }

    @Test func descriptionsAreOneSentenceEach() {
        for (name, text) in MetricDescriptions.all {
            #expect(text.hasSuffix(".") && !text.contains("\n") && !text.contains("\\"), "\(name)")
        }
    }

    @Test func theSystemsFiguresOfThisProcess() throws {
        let samples = Dictionary(uniqueKeysWithValues: ProcessMetrics.samples().map { ($0.name, $0.value) })
        #expect(samples.count == 6)
        #expect(try #require(samples["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(samples["process_open_fds"]) >= 3)
        let started = try #require(samples["process_start_time_seconds"])
        #expect((0..<86_400 * 7).contains(Date().timeIntervalSince1970 - started))
        #expect(samples.values.allSatisfy { $0.isFinite && $0 >= 0 })
    }
}
