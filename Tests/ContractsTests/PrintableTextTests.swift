import Contracts
import Foundation
import Testing

@Suite struct PrintableTextTests {
    @Test(arguments: [
        "\u{1B}[2J", "\n", "\r", "\r\n", "\0", "\u{8}", "\u{7F}", "\u{9B}31m", "\u{85}", "\u{2028}", "\u{2029}",
        "\u{202E}",
        "\u{202A}", "\u{2066}", "\u{2069}", "\u{200E}", "\u{200F}", "\u{61C}", "\u{FFF9}", "\u{E0041}",
    ])
    func whatSteersIsReplaced(_ text: String) {
        let line = PrintableText.of("before\(text)after")
        #expect(line.hasPrefix("before\u{FFFD}") && line.hasSuffix("after"))
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        #expect(!line.contains { $0.isNewline })
    }

    @Test(arguments: ["", "plain", "Zoë 😀", "👩‍👩‍👧", "می‌خواهم", "שלום", "e\u{301}"])
    func namesStay(_ text: String) { #expect(PrintableText.of(text) == text) }

    @Test func theSameValueInJSONSteersNothing() throws {
        let value = ["a\u{9B}b\u{202E}c\u{7F}\u{E0041}d\u{2028}", "Zoë 😀\u{1B}\n"]
        let written = try JSONEncoder().encode(value)
        let shown = PrintableText.inJSON(String(decoding: written, as: UTF8.self) + "\n")
        #expect(
            shown.hasSuffix("]\n") && shown.contains("\\u009b") && shown.contains("\\udb40\\udc41")
                && shown.contains("Zoë 😀"))
        #expect(PrintableText.lines(of: shown) == [String(shown.dropLast()), ""])
        #expect(try JSONDecoder().decode([String].self, from: Data(shown.utf8)) == value)
    }

    @Test func aLongerTextKeepsItsLines() {
        #expect(PrintableText.lines(of: "a\u{1B}\n\nb", indent: "  ") == ["  a\u{FFFD}", "  ", "  b"])
    }
}
