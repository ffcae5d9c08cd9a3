import Logging
import ServiceRuntime
import Synchronization
import Testing

@Suite struct PrintableLogTests {
    private static let evil = "x\u{1B}[2J\n2026-01-01T00:00:00Z info intake.ingest: forged\u{202E}\u{9B}"

    private final class Lines: TextOutputStream, Sendable {
        private let text = Mutex("")
        func write(_ string: String) { text.withLock { $0 += string } }
        var written: String { text.withLock { $0 } }
    }

    /// However text of others' comes into an event, the event is one line that steers nothing.
    @Test func anEventIsOneLine() {
        let lines = Lines()
        var logger = Logger(label: "test") { label in
            PrintableLog(RecordingHandler(record: lines.write))
        }
        logger[metadataKey: "provider"] = "\(Self.evil)"
        logger.warning(
            "Something quotes \(Self.evil)",
            metadata: [
                "text": "\(Self.evil)", "list": ["\(Self.evil)"], "map": ["key": "\(Self.evil)"],
                "value": .stringConvertible(Quoting(description: Self.evil)),
            ])
        let scalars = lines.written.unicodeScalars
        #expect(scalars.filter { $0 == "\u{FFFD}" }.count == 6 * 4)
        #expect(scalars.allSatisfy { $0.properties.generalCategory != .control && $0.value != 0x202E })
    }

    private struct Quoting: CustomStringConvertible, Sendable { var description: String }

    private struct RecordingHandler: LogHandler {
        var record: @Sendable (String) -> Void
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(record: @escaping @Sendable (String) -> Void) { self.record = record }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            record("\(event.message) " + all.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
        }
    }
}
