import Contracts
import Foundation

/// Values from a seed.
struct MadeUpValues: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    mutating func one<Value>(of values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &self)] }

    mutating func flag() -> Bool { Bool.random(using: &self) }

    mutating func maybe<Value>(_ make: (inout MadeUpValues) -> Value) -> Value? { flag() ? make(&self) : nil }

    /// None to three.
    mutating func some<Value>(_ make: (inout MadeUpValues) -> Value) -> [Value] {
        (0..<Int.random(in: 0...3, using: &self)).map { _ in make(&self) }
    }

    mutating func count(from least: Int = 0) -> Int { Int.random(in: least...least + 1000, using: &self) }

    mutating func number(in range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in one(of: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]) }.joined()
    }

    mutating func stateCode() -> String { one(of: ["TX", "ME", "PR", "DC", "AK"]) }

    /// A code or an id.
    mutating func word() -> String { one(of: ["portal", "zip_covered", "http-503", "a", "R1-2_x"]) }

    /// What people write; never empty.
    mutating func text() -> String {
        let parts = [
            "Bagby St", "Doña Ana", "\u{1F6A8}", "\"quoted\"", "back\\slash", "tab\t", "\u{0}", "e\u{301}", "ß",
        ]
        return (0...Int.random(in: 0...3, using: &self)).map { _ in one(of: parts) }.joined(separator: " ")
    }

    mutating func id() -> UUID {
        var generator = self
        defer { self = generator }
        let (high, low) = (generator.next(), generator.next())
        let bytes = withUnsafeBytes(of: (high, low)) { [UInt8]($0) }
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    /// With the wire's milliseconds.
    mutating func time() -> Date {
        Timestamp.truncate(Date(timeIntervalSince1970: number(in: 1_700_000_000...2_000_000_000)))
    }
}
