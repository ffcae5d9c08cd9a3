package import CoreMetrics
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import Synchronization

/// What is read again while the process runs.
protocol ReloadingContent: Sendable {
    /// Why the newest content was not taken, in one line; `nil` when it was.
    var reloadProblem: String? { get }
}

/// A file's parsed content, replaced when the file changes and its new content is good, or when a file changes that the
/// content names. Bad content is logged, turns `intake_configuration_reload_failed` to 1, and the last good one stays
/// in force as a whole.
package final class ReloadingFile<Value: Sendable>: Service, ReloadingContent {
    /// Makes the content of the file's bytes, and of those of other files, which it asks for by name: relative names
    /// are relative to the file. It is given `nil` for one that cannot be read.
    package typealias Parse =
        @Sendable (_ bytes: [UInt8], _ files: @escaping (_ name: String) -> [UInt8]?) throws(FileProblems) -> Value

    private struct Content {
        var value: Value
        /// Of the file, and of every file that was asked for when it was last read, whether that went well or not.
        var marks: [String: FileMark?]
        /// What was wrong with a newer one.
        var problems: [String] = []
    }

    /// So many of the problems of one reading are logged; each line says how many there are.
    private static var loggedProblems: Int { 100 }

    private let path: String
    private let parse: Parse
    private let interval: Duration
    private let metrics: (any MetricsFactory)?
    private let content: Mutex<Content>
    private let readers = Mutex<[UUID: AsyncStream<Value>.Continuation]>([:])

    /// - Parameters:
    ///   - interval: how often the files are looked at.
    ///   - metrics: the process's own when `nil`.
    /// - Throws: when the file cannot be read or `parse` refuses it.
    package init(
        path: String, every interval: Duration = .seconds(1), metrics: (any MetricsFactory)? = nil,
        parse: @escaping Parse
    ) throws(FileProblems) {
        self.path = path
        self.parse = parse
        self.interval = interval
        self.metrics = metrics
        let reading = FileReading(path: path)
        content = Mutex(Content(value: try reading.content(parse), marks: reading.marks))
    }

    /// - Parameter parse: of a file that names no others.
    /// - Throws: when the file cannot be read or `parse` refuses it.
    package convenience init(
        path: String, every interval: Duration = .seconds(1), metrics: (any MetricsFactory)? = nil,
        parse: @escaping @Sendable ([UInt8]) throws(FileProblems) -> Value
    ) throws(FileProblems) {
        try self.init(path: path, every: interval, metrics: metrics) { bytes, _ throws(FileProblems) in
            try parse(bytes)
        }
    }

    /// Content that never changes.
    package init(fixed value: Value) {
        path = ""
        parse = { _, _ in value }
        interval = .seconds(3600)
        metrics = nil
        content = Mutex(Content(value: value, marks: [:]))
    }

    /// Whether the content never changes.
    package var isFixed: Bool { path.isEmpty }

    /// The newest good content.
    package var value: Value { content.withLock { $0.value } }

    /// The content as it is now, and from then on each new good one; whoever is slow sees only the newest.
    package func values() -> AsyncStream<Value> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id = UUID()
            continuation.onTermination = { [weak self] _ in
                _ = self?.readers.withLock { $0.removeValue(forKey: id) }
            }
            readers.withLock { readers in
                readers[id] = continuation
                continuation.yield(value)
            }
        }
    }

    var reloadProblem: String? {
        let problems = content.withLock { $0.problems }
        guard let first = problems.first else { return nil }
        let others = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return "\(path) was changed and is wrong, the content before it stays: \(OneLine.of(first))\(others)"
    }

    /// Watches the files until a graceful shutdown or cancellation.
    package func run() async throws {
        if !isFixed { report(failed: false) }
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while !self.isFixed {
                try await Task.sleep(for: self.interval)
                self.reload()
            }
            try await gracefulShutdown()
        }
    }

    /// Looks at the files once, and takes their content when one has changed and all are good.
    package func reload() {
        let known = content.withLock { $0.marks }
        guard known.contains(where: { FileMark($0.key) != $0.value }) else { return }
        let logger = Logger(label: "intake.configuration")
        let reading = FileReading(path: path)
        do throws(FileProblems) {
            let value = try reading.content(parse)
            content.withLock { $0 = Content(value: value, marks: reading.marks) }
            readers.withLock { for reader in $0.values { reader.yield(self.value) } }
            report(failed: false)
            logger.notice("Configuration file read again", metadata: ["path": "\(path)"])
        } catch {
            // Remembered, so that the same mistake is logged once.
            content.withLock {
                $0.marks = reading.marks
                $0.problems = error.problems
            }
            report(failed: true)
            for problem in error.problems.prefix(Self.loggedProblems) {
                logger.error(
                    "Configuration file is wrong, the last good content stays",
                    metadata: ["path": "\(path)", "error": "\(problem)", "problems": "\(error.problems.count)"])
            }
        }
    }

    /// Made anew each time: the content is first read before the process has its metrics.
    private func report(failed: Bool) {
        let file = URL(filePath: path).lastPathComponent
        let gauge = Gauge(
            label: "intake_configuration_reload_failed", dimensions: [("file", file)],
            factory: metrics ?? MetricsSystem.factory)
        gauge.record(failed ? 1 : 0)
    }
}
