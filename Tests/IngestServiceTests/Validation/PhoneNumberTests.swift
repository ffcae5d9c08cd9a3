import Testing

@testable import IngestService

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        "(212) 555-1234", "212-555-1234", "212.555.1234", "2125551234", "12125551234", "1 212 555 1234", "+1 212-555-1234",
        "tel:+1-212-555-1234", "TEL:+12125551234", " 212\u{A0}555\u{2013}1234 ", "٢١٢٥٥٥١٢٣٤", "\u{FF0B}1 212 555 1234",
    ])
    func everyWritingOfANumberBecomesTheSame(_ written: String) {
        #expect(PhoneNumber(written)?.text == "+12125551234")
    }

    @Test(arguments: ["x5", " ext. 5", " Ext 5", "ext5", " extension 5", "#5", ";ext=5", " X 5"])
    func anExtensionIsKept(_ written: String) {
        #expect(PhoneNumber("212-555-1234" + written)?.text == "+12125551234;ext=5")
    }

    @Test func otherPlansNeedTheirCountryCode() {
        #expect(PhoneNumber("+44 20 7946 0958")?.text == "+442079460958")
        #expect(PhoneNumber("011 44 20 7946 0958")?.text == "+442079460958")
        #expect(PhoneNumber("020 7946 0958") == nil)
        #expect(PhoneNumber("+0123456789") == nil)
        #expect(PhoneNumber("+999999") == nil)
        #expect(PhoneNumber("+4412345678901234") == nil)
    }

    @Test(arguments: [
        "", "1", "+", "+1", "abc", "555-1212", "112-555-1234", "212-155-1234", "911-555-1234", "212-911-1234",
        "290-555-1234", "1234567890", "9999999999", "22125551234", "+2125551234567890", "212-555-123", "212-555-12345",
        "212-555-1234 x", "212-555-1234 y5", "212-555-1234 x5x", "212-555-1234 x1234567890123456", "1-800-FLOWERS",
        "212++5551234", "5+2125551234", "\u{202D}2125551234\u{202C}", "<script>2125551234", "½125551234",
    ])
    func whatIsNoNumberIsRefused(_ written: String) { #expect(PhoneNumber(written) == nil) }
}
