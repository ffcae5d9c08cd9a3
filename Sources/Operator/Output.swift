import Contracts
import Foundation
import Terminal

/// What a command has to say: lines for people, or JSON for programs.
enum Output {
    /// Ends in a line feed.
    case text(String)
    case json(any Encodable)

    /// Writes it to standard output.
    static func write(_ output: Output) throws {
        switch output {
        case .text(let text):
            try FileHandle.standardOutput.write(contentsOf: Data(Ink.standardOutput.paint(text).utf8))
        case .json(let value): try FileHandle.standardOutput.write(contentsOf: jsonText(value))
        }
    }

    /// JSON that may be shown on a terminal, too, ending in a line feed.
    static func jsonText(_ value: some Encodable) throws -> Data {
        let text = String(decoding: try WireJSON.indented(value), as: UTF8.self)
        return Data((PrintableText.inJSON(text) + "\n").utf8)
    }
}
