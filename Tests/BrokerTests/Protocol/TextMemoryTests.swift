import Contracts
import Testing

@testable import Broker

/// Text that comes again.
@Suite
struct TextMemoryTests {
    /// Through one memory, twice each, and as it would be read without any.
    private func read(_ texts: [[UInt8]]) -> [(remembered: String?, anew: String?)] {
        var memory = TextMemory()
        return (texts + texts).map { bytes in
            bytes.withUnsafeBytes { (memory.text($0), String(validating: bytes, as: UTF8.self)) }
        }
    }

    @Test
    func textIsReadAsIfItHadComeForTheFirstTime() {
        let texts = [
            "", "1.0", "cloudEvents:id", "cloudEvents:type", "cloudEvents:specversion",
            "urn:intake:schema:request.geocoded:v1", "01890a5d-ac96-774b-bcce-b302099a8057", "Zoë Größe-Müller of Köln",
            "application/json", String(repeating: "x", count: 64), String(repeating: "y", count: 65),
            String(repeating: "long", count: 1000),
        ]
        for (remembered, anew) in read(texts.map { Array($0.utf8) }) { #expect(remembered == anew) }
    }

    @Test
    func textIsToldFromOtherTextOfTheSameLength() {
        for length in [16, 17, 23, 24, 31, 36, 64] {
            let text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
            let others = text.indices.map { index in
                var other = text
                other[index] = UInt8(ascii: "b")
                return other
            }
            for (remembered, anew) in read([text] + others) { #expect(remembered == anew) }
        }
    }

    @Test
    func bytesThatAreNotUTF8AreNoTextEachTime() {
        let broken: [[UInt8]] = [
            [0xFF], Array("cloudEvents:type".utf8) + [0xC3], Array(repeating: 0x80, count: 40),
            [0xED, 0xA0, 0x80] + Array("a surrogate alone".utf8),
        ]
        for (remembered, anew) in read(broken) {
            #expect(remembered == nil)
            #expect(anew == nil)
        }
    }

    @Test
    func textIsReadRightInAnyOrder() {
        var generator = SeededGenerator(seed: 7)
        var memory = TextMemory()
        let words = (0..<2000).map { number in
            Array("\(number % 3 == 0 ? "intake-" : "cloudEvents:")\(number &* 7919)-\(number % 97)ß".utf8)
        }
        for _ in 0..<20_000 {
            let word = words[Int.random(in: words.indices, using: &generator)]
            let text = word.withUnsafeBytes { memory.text($0) }
            #expect(text.map { Array($0.utf8) } == word)
        }
    }
}
