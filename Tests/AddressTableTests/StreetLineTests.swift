import Testing

@testable import AddressTable

@Suite struct StreetLineTests {
    @Test(arguments: [
        "901 Bagby St", "901 BAGBY STREET", "901 Bagby St Apt 4", "901 Bagby St., Apt. 4B", "901 Bagby St #4",
        "901 Bagby St # 4",
        "901 Bagby Street, Suite 210", "901 Bagby St Unit B", "901 Bagby St Fl 2", "901 Bagby St Rear",
        "901 Bagby St 4B",
        "Apt 4, 901 Bagby St", "#4 901 Bagby St", "901.0 Bagby St", "  901   Bagby  St  ", "901 Bagby St No. 5",
    ])
    func oneHouseIsOneHouse(_ text: String) throws {
        let line = try #require(StreetLine(text))
        #expect(line.number == HouseNumber(number: 901))
        #expect(line.street == StreetName("Bagby St"))
    }

    @Test(arguments: [
        ("123A Main St", 123, "A"), ("123-A Main St", 123, "A"), ("12 1/2 Main St", 12, "1/2"),
        ("12½ Main St", 12, "1/2"),
        ("123-45 Main St", 12345, ""), ("12345 Main St", 12345, ""), ("100-104 Main St", 100, "-104"),
        ("N6W23001 Main St", 23001, "N6W-"), ("N6 W23001 Main St", 23001, "N6W-"), ("W3985 Main St", 3985, "W-"),
        ("3985W Main St", 3985, "W"), ("One Main St", 1, ""),
        ("007 Main St", 7, ""),
    ])
    func numbersOfAllKinds(_ text: String, _ number: Int, _ rest: String) throws {
        let line = try #require(StreetLine(text))
        #expect(line.number == HouseNumber(number: number, rest: rest))
        #expect(line.street == StreetName("Main St"))
    }

    @Test(arguments: [
        ("5th Ave", "5th Ave"), ("Main St", "Main St"), ("0 Main St", "0 Main St"), ("Front St", "Front St"),
        ("First Street", "1st St"),
    ])
    func aStreetAloneHasNoNumber(_ text: String, _ street: String) throws {
        let line = try #require(StreetLine(text))
        #expect(line.number == nil)
        #expect(line.street == StreetName(street))
    }

    @Test(arguments: [
        ("12 Front St", "Front St"), ("12 Old Pier Rd", "Old Pier Rd"), ("12 Key West Ave", "Key West Ave"),
        ("12 N Avenue 64", "N Avenue 64"), ("12 Highway 6", "Hwy 6"), ("170 E 400 S", "E 400 S"),
        ("12 5 Ave", "5th Ave"), ("12 State Road 7", "SR 7"), ("12 Lot St", "Lot St"),
    ])
    func aNameThatLooksLikeAUnitStays(_ text: String, _ street: String) throws {
        let line = try #require(StreetLine(text))
        #expect(line.number != nil)
        #expect(line.street == StreetName(street))
    }

    @Test(arguments: [
        "PO Box 12", "P.O. Box 12", "P O BOX 12", "POB 7", "RR 2 Box 15", "HC 1 Box 3", "General Delivery", "Box 9", "",
    ])
    func whatIsNoStreetIsNone(_ text: String) { #expect(StreetLine(text) == nil) }

    @Test(arguments: ["", "0", "abc", "-", "99999999999999999999", "NONE"])
    func aColumnWithoutANumberHasNone(_ text: String) { #expect(HouseNumber(text) == nil) }

    @Test(arguments: [
        ("12", "12"), ("12a", "12A"), ("12 1/2", "12 1/2"), ("N6W23001", "N6W23001"), ("12 rear", "12REAR"),
        ("12.0", "12"),
    ])
    func aNumberIsWrittenAgain(_ text: String, _ written: String) { #expect(HouseNumber(text)?.text == written) }
}
