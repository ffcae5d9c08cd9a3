import Foundation
import Logging
import Synchronization
import Testing

@testable import ServiceRuntime

/// A line of the log, in both ways in which it is written.
@Suite struct LineLogTests {
    private func line(_ format: LogFormat, _ log: (Logger) -> Void) -> String {
        let lines = Mutex("")
        var handler = LineLog(label: "intake.test", format: format, levels: LogLevels(.info))
        handler.write = { line in lines.withLock { $0 += String(decoding: line, as: UTF8.self) } }
        handler.now = { Date(timeIntervalSince1970: 1_764_000_000.1239) }
        var logger = Logger(label: "intake.test") { _ in PrintableLog(handler) }
        logger[metadataKey: "request_id"] = "r-1"
        log(logger)
        return lines.withLock { $0 }
    }

    private func say(_ logger: Logger) {
        logger.warning(
            "A \"line\"\nof the log",
            metadata: ["error": "no answer", "empty": "", "say": "\"a=b\"", "list": ["a", "b"], "level": "high"],
            source: "Test")
    }

    @Test func text() {
        #expect(
            line(.text, say)
                == """
                2025-11-24T16:00:00.123Z warning intake.test: empty="" error="no answer" level=high \
                list="["a", "b"]" request_id=r-1 say="\\"a=b\\"" [Test] A "line"\u{FFFD}of the log

                """.replacing("list=\"[\"a\", \"b\"]\"", with: "list=\"[\\\"a\\\", \\\"b\\\"]\""))
    }

    @Test func json() throws {
        let text = line(.json, say)
        #expect(text.hasSuffix("}\n") && text.dropLast().allSatisfy { !$0.isNewline })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        #expect(
            object == [
                "time": "2025-11-24T16:00:00.123Z", "level": "warning", "logger": "intake.test", "source": "Test",
                "message": "A \"line\"\u{FFFD}of the log", "error": "no answer", "empty": "", "say": "\"a=b\"",
                "list": "[\"a\", \"b\"]", "level_": "high", "request_id": "r-1",
            ])
    }

    @Test func aLengthOfTimeIsAsPeopleWriteIt() {
        let text = line(.text) {
            $0.info("x", metadata: ["retry_in": .stringConvertible(Duration.seconds(5.448226267695166))], source: "T")
        }
        #expect(text.contains(" retry_in=5.4s "))
    }

    @Test func theEventsMetadataWins() {
        let text = line(.text) { $0.info("x", metadata: ["request_id": "r-2"], source: "Test") }
        #expect(text.contains(" request_id=r-2 ") && !text.contains("r-1"))
    }
}
