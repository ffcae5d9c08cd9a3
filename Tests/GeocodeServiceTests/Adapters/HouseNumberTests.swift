import Testing

@testable import GeocodeService

@Suite struct HouseNumberTests {
    @Test(
        arguments: [
            ("901 Bagby St", "901"), ("34-15 74th St", "34-15"), ("N6W23001 Bluemound Rd", "N6W23001"),
            ("4B Elm", "4B"),
            ("Bagby St", nil), ("", nil), ("  12 Oak", "12"),
        ] as [(String, String?)])
    func standsInFront(street: String, number: String?) {
        #expect(HouseNumber.asked(in: street) == number)
    }

    @Test(
        arguments: [
            ("901", "901", true), ("901", "903", false), (nil, "901", false), ("901", nil, true), (nil, nil, true),
            ("34-15", "3415", true), ("4 b", "4B", true), ("899;901", "901", true), ("901-905", "901", true),
            ("901-905", "90", false),
        ] as [(String?, String?, Bool)])
    func isComparedAsPeopleWriteIt(found: String?, asked: String?, isSame: Bool) {
        #expect(HouseNumber.isSame(found, as: asked) == isSame)
    }
}
