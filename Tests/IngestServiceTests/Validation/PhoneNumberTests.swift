import Foundation
import Testing

@testable import IngestService

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        "(212) 555-1234", "212-555-1234", "212.555.1234", "2125551234", "12125551234", "1 212 555 1234",
        "+1 212-555-1234",
        "tel:+1-212-555-1234", "TEL:+12125551234", " 212\u{A0}555\u{2013}1234 ", "٢١٢٥٥٥١٢٣٤", "\u{FF0B}1 212 555 1234",
        "[212] 555 1234", "212\u{2022}555\u{2022}1234", "(212)\t555-1234", "（２１２）５５５－１２３４",
        "212\u{2009}555\u{2011}1234",
        "212\u{B7}555\u{B7}1234", "(+1) 212 555 1234",
    ])
    func everyWritingOfANumberBecomesTheSame(_ written: String) {
        #expect(PhoneNumber(written)?.text == "+12125551234")
    }

    /// As they come from lists of contacts and from web pages.
    @Test(arguments: [
        "\u{202A}+1 (212) 555-1234\u{202C}", "\u{202D}2125551234\u{202C}", "\u{2066}212-555-1234\u{2069}",
        "\u{200E}+1 212 555 1234\u{200E}", "\u{FEFF}2125551234", "212\u{200B}555\u{200B}1234", "212\u{AD}-555-1234",
        "+\u{200F}1 212 555\u{2060}1234", "2125551234\u{FE0F}", "2\u{20}\u{61C}12 555 1234", "212\u{3164}5551234",
        "\u{2068}\u{202A}+1-212-555-1234\u{202C}\u{2069}", "tel:\u{200B}+1-212-555-1234",
    ])
    func whatNobodySeesIsDropped(_ written: String) { #expect(PhoneNumber(written)?.text == "+12125551234") }

    @Test(arguments: [
        "x5", " ext. 5", " Ext 5", "ext5", " extension 5", "#5", ";ext=5", " X 5", ", ext. 5", ", x5", ",5", ",,5",
        ";5",
        " Ext:5", " extn 5", " EXTN. 5", " xtn 5", " exten 5", " (ext 5)", " (x5)", " [ext. 5]", " ext-5", " ext #5",
        " ext. no. 5", " extension: 5", " extension number 5", " - ext 5", " / ext. 5", " int 5", " x.5", " x 5#",
        " #5#",
        "~5", " ｅｘｔ．５", " ｘ5", " \u{FF03}5", " доб. 5", " anexo 5", " extensión 5", " extensio\u{301}n 5", ";ext=5 ",
        " ext\u{A0}5", " ext\u{200B}. 5", " 5#", " poste 5",
        " ex. 5", " local 5", " Extn:5", "; ext 5", " (Ext. #5)",
    ])
    func anExtensionIsKept(_ written: String) {
        #expect(PhoneNumber("212-555-1234" + written)?.text == "+12125551234;ext=5")
        #expect(PhoneNumber("+44 20 7946 0958" + written)?.text == "+442079460958;ext=5")
    }

    /// Labels, schemes and quotes as people and programs write them around a number.
    @Test(arguments: [
        "Cell: 212-555-1234", "cell 212-555-1234", "C 212-555-1234", "H: 212-555-1234", "(h) 212-555-1234",
        "Tel. 212-555-1234", "Phone: 212-555-1234", "ph 212-555-1234", "Call 212-555-1234", "\u{260E} 212-555-1234",
        "\u{1F4DE}212-555-1234", "#212-555-1234", "212-555-1234,", "212-555-1234;", "212-555-1234*", "212-555-1234#",
        "\"212-555-1234\"", "'212-555-1234", "<212-555-1234>", "=212-555-1234", "212-555-1234 (cell)",
        "212-555-1234 cell", "212-555-1234 (h)", "212-555-1234 c", "Cell phone: (212) 555-1234", "212-555-1234 x",
        "212-555-1234 ext.", "sms:+12125551234", "callto:2125551234", "tel:2125551234;phone-context=+1",
        "tel:5551234;phone-context=+1212", "tel:+12125551234;isub=12345", "tel:2125551234;phone-context=example.org",
        "Teléfono: 212 555 1234", "“212-555-1234”", "Home phone 212-555-1234", "212-555-1234 - mobile",
    ])
    func whatStandsAroundANumberIsDropped(_ written: String) {
        #expect(PhoneNumber(written)?.text == "+12125551234")
    }

    @Test func anExtensionStaysBesideALabel() {
        #expect(PhoneNumber("Work: 212-555-1234 x5")?.text == "+12125551234;ext=5")
        #expect(PhoneNumber("tel:+12125551234;ext=5;isub=7")?.text == "+12125551234;ext=5")
    }

    @Test(arguments: [
        ("1-800-FLOWERS", "+18003569377"), ("1-800-GO-FEDEX", "+18004633339"), ("(800) CALL-ATT", "+18002255288"),
        ("713-555-HELP", "+17135554357"), ("+1-800-MY-APPLE", "+18006927753"), ("1-800-flowers", "+18003569377"),
        ("713-GET-HELP", "+17134384357"), ("Call 1-800-FLOWERS", "+18003569377"),
    ])
    func lettersAreTheirKeys(written: String, number: String) { #expect(PhoneNumber(written)?.text == number) }

    /// A mobile as it is dialled at home.
    @Test(arguments: [
        ("+54 11 15 1234-5678", "+5491112345678"), ("+54 011 15 1234-5678", "+5491112345678"),
        ("+54 351 15 123-4567", "+5493511234567"), ("+54 2966 15 12-3456", "+5492966123456"),
        ("+54 9 11 1234-5678", "+5491112345678"), ("+54 11 1234-5678", "+541112345678"),
    ])
    func anArgentineMobileGoesByItsNumberFromAbroad(written: String, number: String) {
        #expect(PhoneNumber(written)?.text == number)
    }

    @Test(arguments: [
        "713 houston", "Houston", "FLOWERS", "1-800-FLOWERSHOP", "555-HELP", "+44-800-FLOWERS", "cell", "(h)", "\"\"",
        "tel:", "tel:;phone-context=+1", "212-555-1234 or 212-555-1235", "fax 12", "Cell: 555-1234",
    ])
    func otherWordsAreNoNumber(_ written: String) { #expect(PhoneNumber(written) == nil) }

    @Test func severalDigitsOfAnExtensionAreKept() {
        #expect(PhoneNumber("713-555-0101, ext. 12")?.text == "+17135550101;ext=12")
        #expect(PhoneNumber("713-555-0101 ext 123456789012345")?.text == "+17135550101;ext=123456789012345")
        #expect(PhoneNumber("713-555-0101 503#")?.text == "+17135550101;ext=503")
        #expect(PhoneNumber("713-555-0101, 0012")?.text == "+17135550101;ext=0012")
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
        ("+44 (0)20 7946 0958", "+442079460958"), ("+6910600", "+6910600"),
        ("+44(0)2079460958", "+442079460958"),
        ("+44 (020) 7946 0958", "+442079460958"), ("011 44 (0)20 7946 0958", "+442079460958"),
        ("(+44) (0)20 7946 0958", "+442079460958"), ("+44 [0] 20 7946 0958", "+442079460958"),
        ("+44 020 7946 0958", "+442079460958"), ("+49 (0)30 123456", "+4930123456"),
        ("+33 (0)1 23 45 67 89", "+33123456789"),
        ("+440(0)20 7946 0958", "+442079460958"), ("+353 (0)1 234 5678", "+35312345678"),
        ("+61 (0)2 9374 4000", "+61293744000"),
        ("+41 (0)44 668 18 00", "+41446681800"),
        ("+44 (0)20 7946 0958 ext. 5", "+442079460958;ext=5"), ("tel:+44-(0)20-7946-0958", "+442079460958"),
        // Here the zero is a part of the number.
        ("+39 06 1234 5678", "+390612345678"), ("+39 (0)6 1234 5678", "+390612345678"),
        ("+225 01 23 45 67 89", "+2250123456789"), ("+378 0549 886377", "+3780549886377"), ("+47 02000", "+4702000"),
    ])
    func theTrunkZeroIsDroppedBehindACountryCode(_ written: String, _ number: String) {
        #expect(PhoneNumber(written)?.text == number)
    }

    /// As libphonenumber reads them.
    @Test(arguments: [
        ("+7 (8) 495 123-45-67", "+74951234567"), ("+7 8 912 345 67 89", "+79123456789"),
        ("011 7 8 495 123 45 67", "+74951234567"), ("+7 (8) 727 258 22 22", "+77272582222"),
        ("+36 (06) 1 234 5678", "+3612345678"), ("+36 06 20 123 4567", "+36201234567"),
        ("+375 (8) 17 234 56 78", "+375172345678"), ("+375 (8) 801 123 4567", "+3758011234567"),
        ("+375 8 017 234 56 78", "+375172345678"),
        ("+370 (8) 5 234 5678", "+37052345678"), ("+993 (8) 12 34 56 78", "+99312345678"),
        ("+692 1 247 1234", "+6922471234"), ("+1 (1) 713 555 0101", "+17135550101"),
        ("011 1 1 713 555 0101", "+17135550101"),
        // Here the digit is a part of the number.
        ("+7 800 123 45 67", "+78001234567"), ("+375 800 123 4567", "+3758001234567"),
        ("+370 8 123 4567", "+37081234567"),
        ("+36 80 123 456", "+3680123456"), ("+44 8 1234 5678", "+44812345678"), ("+46 8 123 456 78", "+46812345678"),
    ])
    func otherTrunkPrefixesAreDroppedToo(_ written: String, _ number: String) {
        #expect(PhoneNumber(written)?.text == number)
    }

    /// A code that belongs to no area has no exchange that could be taken for a service.
    @Test(arguments: [
        "800-411-7246", "1-888-211-1234", "(877) 911-1234", "866.311.1234", "+1 855 611 1234", "844-711-1234",
        "833-811-1234", "900-411-1234", "500-911-1234",
    ])
    func tollFreeNumbersHaveExchangesOfServices(_ written: String) { #expect(PhoneNumber(written) != nil) }

    @Test(arguments: [
        "", "1", "+", "+1", "abc", "555-1212", "112-555-1234", "212-155-1234", "911-555-1234", "212-911-1234",
        "713-411-1234", "855-111-1234", "290-555-1234", "1234567890", "9999999999", "22125551234", "+2125551234567890",
        "212-555-123", "212-555-12345",
        "212-555-1234 y5", "212-555-1234 x5x", "212-555-1234 x1234567890123456",
        "212++5551234", "5+2125551234", "<script>2125551234", "½125551234",
        "212-555-1234, 713-555-0101", "212-555-1234 / 713-555-0101", "212-555-1234,2125551235", "212-555-1234:5",
        "212-555-1234 =5", "+1 (0)212 555 1234", "\u{200B}", "\u{202A}\u{202C}", "212-555-1234 ext five",
    ])
    func whatIsNoNumberIsRefused(_ written: String) { #expect(PhoneNumber(written) == nil) }

    /// What libphonenumber makes of numbers of every kind; `deploy/compare-phones` makes the file.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["INTAKE_PHONES_CASES"] != nil))
    func agreesWithLibphonenumber() throws {
        let path = try #require(ProcessInfo.processInfo.environment["INTAKE_PHONES_CASES"])
        var count = 0
        var wrong: [String] = []
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            count += 1
            let number = PhoneNumber(fields[0])?.text ?? ""
            if number != fields[1] { wrong.append("\(fields[0]): \(number), not \(fields[1])") }
        }
        print("\(count) numbers, \(wrong.count) disagreements")
        #expect(count > 0)
        #expect(wrong == [])
    }

    /// Far below what libphonenumber itself takes.
    @Test func isFast() {
        let written = [
            "+1 (713) 555-0101", "713-555-0101, ext. 12", "+44 (0)20 7946 0958", "\u{202A}800-411-7246\u{202C}",
        ]
        var read = 0
        let elapsed = ContinuousClock().measure {
            for _ in 0..<500 { read += written.count { PhoneNumber($0) != nil } }
        }
        #expect(read == 2000)
        #expect(elapsed / 2000 < .milliseconds(1))
    }
}
