import Contracts
import Foundation
import Glibc
import Logging

/// How a line of the log is written.
enum LogFormat: String, CaseIterable, Sendable {
    /// `2026-11-29T10:15:30.123Z info intake.ingest: request_id=… error="no answer" [IngestService] Message`
    case text
    /// One object a line: `time`, `level`, `logger`, `message`, `source`, and the metadata by their names.
    case json

    /// A log on standard error.
    func handler(label: String, levels: LogLevels) -> PrintableLog {
        PrintableLog(LineLog(label: label, format: self, levels: levels))
    }
}

/// A log of one line for each event, with the time to the millisecond in UTC, and metadata in the order of their names.
///
/// Metadata of the event win over the logger's, and those over the provider's. Lists and maps are shown as text.
struct LineLog: LogHandler {
    let label: String
    let format: LogFormat
    let levels: LogLevels
    /// Takes a whole line, its end included.
    var write: @Sendable (_ line: [UInt8]) -> Void = Self.toStandardError
    /// When an event is said to have happened.
    var now: @Sendable () -> Date = { Date() }

    /// A logger that is set to a level logs nothing below it; else what the process's levels say counts.
    var logLevel: Logger.Level {
        get { max(own, levels.lowest) }
        set { own = newValue }
    }
    private var own = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, format: LogFormat, levels: LogLevels) {
        self.label = label
        self.format = format
        self.levels = levels
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard levels.takes(event.level, logger: label, source: event.source) else { return }
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        let fields = all.map { (name: $0.key, value: "\($0.value)") }.sorted { $0.name < $1.name }
        let time = Timestamp.string(Timestamp.truncate(now()))
        switch format {
        case .text:
            let shown = fields.map { " \($0.name)=\(Self.quoted($0.value))" }.joined()
            write([UInt8]("\(time) \(event.level) \(label):\(shown) [\(event.source)] \(event.message)\n".utf8))
        case .json:
            var object = JSONObjectText()
            object.add("time", time)
            object.add("level", event.level.rawValue)
            object.add("logger", label)
            object.add("message", "\(event.message)")
            object.add("source", event.source)
            for field in fields { object.add(Self.member(field.name), field.value) }
            write(object.bytes() + [UInt8(ascii: "\n")])
        }
    }

    /// As it is, when it can only be read as one value.
    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Names are ours and need no escapes; one that says what the line itself says gets an underscore.
    private static func member(_ name: String) -> String {
        let safe = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) } ? name : "other"
        return ["time", "level", "logger", "message", "source"].contains(safe) ? safe + "_" : safe
    }

    /// One write for a line, so that those of several threads do not mix. What cannot be written is lost: there is
    /// nowhere to say so.
    private static func toStandardError(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
