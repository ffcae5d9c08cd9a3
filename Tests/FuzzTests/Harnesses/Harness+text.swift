import AddressTable
import Contracts
import Places

@testable import IngestService

extension Harness {
    static let text = Harness(
        "text", "telephone numbers, e-mail and postal addresses, names; what is shown is harmless, what is kept stays"
    ) { input in
        let text = input.text
        if let phone = PhoneNumber(text) {
            demand(PhoneNumber(phone.text)?.text == phone.text, "\(phone.text) is itself")
            demand(phone.text.utf8.allSatisfy { $0 < 0x80 }, "\(phone.text) is ASCII")
        }
        if EmailAddress.isValid(text) { demand(!text.contains { $0.isNewline || $0 == " " }, "\(text) is one word") }
        let normal = NormalText.of(text)
        demand(NormalText.of(normal) == normal, "normal text is itself")
        _ = (NormalText.ofCode(text), text.isBlank, text.withoutInvisible)
        for field in [SubmissionBody.Field.zip, .providerRequestID] {
            _ = FieldNameGuess.name(for: field, among: [text])
        }

        let shown = PrintableText.of(text)
        demand(PrintableText.of(shown) == shown, "what is shown is itself")
        demand(!shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }, "no control")
        demand(PrintableText.lines(of: text).allSatisfy { PrintableText.of($0) == $0 }, "lines that are harmless")

        let parts = text.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        let part = { parts.count > $0 ? parts[$0] : "" }
        if let line = StreetLine(part(0), city: part(1), state: part(2), zip: part(3)) {
            for number in line.readings.compactMap(\.number) { demand(number.isSame(as: number), "a number is itself") }
        }
        _ = StreetLine(PostalAddress(street: part(0), city: part(1), state: part(2), zip: part(3)))
        for joins in [false, true] { _ = HouseNumber(text, joinsHyphens: joins) }
        _ = (ZIPCode(text), PlaceName.key(text), PlaceName.key(text, droppingLast: "city"), USState.code(written: text))
        _ = StreetName(text)
    }
}
