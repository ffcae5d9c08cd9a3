import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// A file's parsed content, replaced when the file changes and its new content is good. Bad content is logged, and the
/// last good one stays in force.
package final class ReloadingFile<Value: Sendable>: Service {
    /// What tells one state of the file from the next, without reading it.
    private struct Mark: Equatable, Sendable {
        var modified: Date?
        var size: Int
        var inode: Int
    }

    private struct Content {
        var value: Value
        var mark: Mark?
    }

    private let path: String
    private let parse: @Sendable ([UInt8]) throws(FileProblems) -> Value
    private let interval: Duration
    private let content: Mutex<Content>
    private let readers = Mutex<[UUID: AsyncStream<Value>.Continuation]>([:])

    /// - Parameter interval: how often the file is looked at.
    /// - Throws: when the file cannot be read or `parse` refuses it.
    package init(
        path: String, every interval: Duration = .seconds(1),
        parse: @escaping @Sendable ([UInt8]) throws(FileProblems) -> Value
    ) throws(FileProblems) {
        self.path = path
        self.parse = parse
        self.interval = interval
        let mark = Self.mark(path)
        content = Mutex(Content(value: try parse(try Self.read(path)), mark: mark))
    }

    /// Content that never changes.
    package init(fixed value: Value) {
        path = ""
        parse = { _ in value }
        interval = .seconds(3600)
        content = Mutex(Content(value: value, mark: nil))
    }

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

    /// Watches the file until a graceful shutdown or cancellation.
    package func run() async throws {
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while !self.path.isEmpty {
                try await Task.sleep(for: self.interval)
                self.reload()
            }
            try await gracefulShutdown()
        }
    }

    /// Looks at the file once, and takes its content when it has changed and is good.
    package func reload() {
        let mark = Self.mark(path)
        guard mark != content.withLock({ $0.mark }) else { return }
        let logger = Logger(label: "intake.configuration")
        do throws(FileProblems) {
            let value = try parse(try Self.read(path))
            content.withLock { $0 = Content(value: value, mark: mark) }
            readers.withLock { for reader in $0.values { reader.yield(self.value) } }
            logger.notice("Configuration file read again", metadata: ["path": "\(path)"])
        } catch {
            // Remembered, so that the same mistake is logged once.
            content.withLock { $0.mark = mark }
            logger.error(
                "Configuration file is wrong, the last good content stays",
                metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    private static func read(_ path: String) throws(FileProblems) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileProblems(["cannot be read"])
        }
        return [UInt8](data)
    }

    private static func mark(_ path: String) -> Mark? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        return Mark(
            modified: attributes[.modificationDate] as? Date, size: attributes[.size] as? Int ?? 0,
            inode: attributes[.systemFileNumber] as? Int ?? 0)
    }
}
