import Contracts
import Foundation

/// Writes made-up messages for validators in other languages, one a line: `{"type", "headers", "body"}`.
///
///     contract-messages emit COUNT SEED   COUNT of each event type
///     contract-messages read              from standard input, what `emit` writes: says what cannot be read, exits 1
///     then
@main
enum ContractMessages {
    static func main() throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "emit":
            guard arguments.count == 4, let count = Int(arguments[2]), let seed = UInt64(arguments[3]) else { usage() }
            var events = MadeUpEvents(seed: seed)
            for _ in 0..<count {
                for type in EventType.allCases { print(try line(events.message(type), type)) }
            }
        case "read":
            var failures = 0
            while let line = readLine() {
                do { try read(line) } catch {
                    failures += 1
                    print("\(error): \(line)")
                }
            }
            exit(failures == 0 ? 0 : 1)
        default: usage()
        }
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(Data("contract-messages emit COUNT SEED | read\n".utf8))
        exit(64)
    }

    private static func line(_ message: EventMessage, _ type: EventType) throws -> String {
        var headers = JSONObjectText()
        for header in message.headers.all { headers.add(header: header.name, header.value) }
        let head = String(decoding: headers.bytes(), as: UTF8.self)
        return
            "{\"type\":\"\(type.rawValue)\",\"headers\":\(head),\"body\":\(String(decoding: message.body, as: UTF8.self))}"
    }

    private static func read(_ line: String) throws {
        guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let headers = object["headers"] as? [String: String], let body = object["body"]
        else { throw ContractError(code: .badData, detail: "not a line of emit's") }
        try AnyEvent.read(
            EventMessage(
                headers: EventHeaders(headers.map { EventHeaders.Header(name: $0.key, value: .string($0.value)) }),
                body: [UInt8](try JSONSerialization.data(withJSONObject: body))))
    }
}
