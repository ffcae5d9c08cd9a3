/// A part of Intake that reads what somebody else wrote, fed with any bytes whatever.
///
/// A harness must take every input: a trap, a loop without an end, memory without a bound, and a demand that is not met
/// are what is looked for. `deploy/fuzz` runs them; what they have found stays in `Corpus`, and is fed again by every
/// test run.
struct Harness: Sendable {
    let name: String
    /// What reads, and what must hold, in one line.
    let about: String
    let feed: @Sendable (_ input: inout Input) -> Void

    init(_ name: String, _ about: String, feed: @escaping @Sendable (_ input: inout Input) -> Void) {
        self.name = name
        self.about = about
        self.feed = feed
    }

    static let all: [Harness] = [
        http, submission, json, event, amqp, answer, geocoder, receipt, csv, geojson, yaml, url, pattern, query, text,
        provider,
    ]
}

/// Bytes that somebody else chose. A harness that needs more than one text takes lines or single bytes from the front.
struct Input {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next byte; zero when there is none.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// Up to the next line feed, which goes too; the whole rest without one.
    mutating func line() -> String {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return String(decoding: line, as: UTF8.self)
    }

    /// The rest in pieces as a network might bring them: of up to so many bytes as the first one says.
    mutating func pieces() -> [[UInt8]] {
        let length = Int(byte()) + 1
        // 256 stands for all at once.
        guard length < 256 else { return [Array(rest)] }
        return stride(from: rest.startIndex, to: rest.endIndex, by: length).map {
            Array(rest[$0..<min($0 + length, rest.endIndex)])
        }
    }

    var bytes: [UInt8] { Array(rest) }
    var text: String { String(decoding: rest, as: UTF8.self) }
}

/// Ends the process, as a trap does, when what must hold does not.
func demand(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { fatalError("Demanded: \(what())") }
}
