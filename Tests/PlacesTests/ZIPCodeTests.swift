import Testing

@testable import Places

@Suite struct ZIPCodeTests {
    @Test(arguments: [
        ("77002", "77002"), ("02108-1518", "02108"), ("021081518", "02108"), (" 00901\n", "00901"), ("00000", "00000"),
    ])
    func readsFiveOrNineDigits(text: String, five: String) {
        #expect(ZIPCode(text)?.text == five)
    }

    @Test(arguments: [
        "", "7700", "770022", "7700a", "77002-", "77002-12", "77002_1234", "77002-123a", "-77002", "+7700", "７７００２",
        "77 02", "770021", "77002-12345", "٧٧٠٠٢",
    ])
    func refusesAnythingElse(text: String) {
        #expect(ZIPCode(text) == nil)
    }

    @Test func knowsItsFirstThreeDigits() {
        #expect(ZIPCode("00901")?.prefix == 9)
        #expect(ZIPCode("99801-1234")?.prefix == 998)
    }
}
