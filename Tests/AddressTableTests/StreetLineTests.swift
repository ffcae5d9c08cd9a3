import Contracts
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
        ("123-45 Main St", 123, "-45"), ("12345 Main St", 12345, ""), ("100-104 Main St", 100, "-104"),
        ("3985W Main St", 3985, "W"), ("One Main St", 1, ""), ("007 Main St", 7, ""), ("12-14 Main St", 12, "-14"),
        ("30-56 Main St", 30, "-56"), ("1-2345 Main St", 1, "-2345"),
        ("901-05 Main St", 901, "-905"), ("Fifty-Five Main St", 55, ""), ("Fifty Five Main St", 55, ""),
        ("Thirty Main St", 30, ""), ("One Hundred Main St", 100, ""),
        ("4/901 Main St", 901, ""), ("101/103 Main St", 101, "-103"), ("123 3/4 Main St", 123, "3/4"),
        ("123 1/2A Main St", 123, ""), ("901-5 Main St", 901, "-905"), ("12 & 14 Main St", 12, "-14"),
    ])
    func numbersOfAllKinds(_ text: String, _ number: Int, _ rest: String) throws {
        let line = try #require(StreetLine(text))
        #expect(line.number == HouseNumber(number: number, rest: rest))
        if !text.contains("/2A") { #expect(line.street == StreetName("Main St")) }
    }

    @Test(arguments: [
        ("N6W23001 Main St", "W", 23001, "N6:"), ("N6 W23001 Main St", "W", 23001, "N6:"),
        ("N57W27841A Main St", "W", 27841, "N57:A"), ("W204N11912 Main St", "N", 11912, "W204:"),
        ("S66 W14427 Main St", "W", 14427, "S66:"), ("W3985 Main St", "W", 3985, ""), ("E4567 Main St", "E", 4567, ""),
        ("29W991 Main St", "00W", 29991, ""), ("5N123 Main St", "00N", 5123, ""), ("0S045 Main St", "00S", 45, ""),
        ("28W 600 Main St", "00W", 28600, ""), ("28W-600 Main St", "00W", 28600, ""),
        ("28 W600 Main St", "00W", 28600, ""), ("5N 123 Main St", "00N", 5123, ""),
        ("40W-101 Main St", "00W", 40101, ""),
        ("29W991A Main St", "00W", 29991, "A"), ("1N450 1/2 Main St", "00N", 1450, "1/2"),
    ])
    func numbersOfGridsCountAlongTheirAxis(_ text: String, _ series: String, _ number: Int, _ rest: String) throws {
        let line = try #require(StreetLine(text))
        #expect(line.number == HouseNumber(series: series, number: number, rest: rest))
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
        "PO Box 12", "P.O. Box 12", "P O BOX 12", "POB 7", "PO Box #12", "P.O.Box 12", "POBox12", "Post Office Box 12",
        "Post Office Drawer 4", "PO Drawer L", "P.O. Drawer 1234", "Drawer 12", "PO Bin 12", "Caller 123",
        "Firm Caller 12", "Lock Box 12", "Lockbox 12", "PO 123", "PMB 234", "Box 9", "Box 9A", "Apartado 123",
        "General Delivery", "GENERAL DELIVERY, Smalltown", "Gen Delivery", "Gen'l Delivery", "RR 2 Box 15",
        "RR 2, Box 15", "R R 2 Box 15", "R.R. 2 Box 15", "RR2 Box 15", "RR 2", "RR #2 Box 15", "RR 2 # 15",
        "Rural Route 2 Box 15", "Rural Rte 2, Box 15A", "RFD 2 Box 15", "RFD Route 4 #87A", "RD NO 2 BOX 15",
        "Rt 2 Box 15", "Rte 2 Box 15", "Route 2 Box 15", "ROUTE 2, BOX 15-A", "Route 2", "Rt. 2", "HC 1 Box 3",
        "HC 68 Box 23A", "HCR 68 Box 98D", "HCR 68", "HC68 Box 23", "Highway Contract Route 68 Box 23",
        "Star Route 2 Box 12", "Star Rt Box 12", "Box 15 RR 2", "Unit 2050 Box 4190", "PSC 3 Box 1234",
        "CMR 12 Box 3", "USS Nimitz", "RR 2 Box 15 Smalltown", "RR 2 Smalltown", "Route 2 Smalltown KY",
        "Rural Route 2 Smalltown", "HC 68 Smalltown KY 42001", "PO Box 12 Smalltown KY 42001", "N/A", "None",
        "Homeless", "Apt 4", "#4", "123", "",
    ])
    func whatIsNoStreetIsNone(_ text: String) {
        #expect(StreetLine(text, city: "Smalltown", state: "KY", zip: "42001") == nil)
    }

    @Test(arguments: ["AA", "AE", "AP", "ae"])
    func noStreetLeadsToTheArmedForcesPost(_ state: String) {
        #expect(StreetLine(PostalAddress(street: "12 Main St", city: "APO", state: state, zip: "09012")) == nil)
    }

    @Test(arguments: [
        "12 Box Canyon Rd", "12 Drawer Ln", "12 Route 2", "12 RR 12", "12 Star Route Rd", "Star Lake Rd",
        "Box Elder St",
        "General Patton Dr", "Post Oak Rd", "Post Office Rd", "USS Arizona Dr", "Rural Ave", "Route 9W", "Rd 64",
        "PO Valley Rd", "12 Caller Ct", "12 Pier 39", "100 PSC Blvd",
        "Unit 4 Box Canyon Rd", "12 Oak Trl 5", "Route 2 North",
    ])
    func aStreetThatSoundsLikeABoxIsOne(_ text: String) { #expect(StreetLine(text) != nil) }

    @Test(arguments: [
        ("901 Bagby St Apt 4", "901 Bagby St"), ("901 O'Brien St, 16th Floor", "901 O'Brien St"),
        ("Apt 4, 901 Bagby St", "901 Bagby St"), ("901 Bagby St-12C", "901 Bagby St"),
        ("123 Apt 4 Main St", "123 Main St"), ("19 Calle de los Sueños #4", "19 Calle de los Sueños"),
        ("1413 State Highway #50 Lot 4", "1413 State Highway #50"),
        ("901 Bagby Street, Smalltown, KY 42001", "901 Bagby Street"), ("901 Bagby St Smalltown KY", "901 Bagby St"),
        ("PO Box 45, 123 Main St", "123 Main St"), ("123 Main St RR 2", "123 Main St"),
        ("1600 Pennsylvania Ave, NW", "1600 Pennsylvania Ave, NW"), ("5th and Main", "5th and Main"),
        ("500 W. 5th St. No. 3", "500 W. 5th St."), ("4922 B South Cornell Avenue", "4922 B South Cornell Avenue"),
        ("2nd Floor, 12 Main St", "12 Main St"),
        ("123½ Elm St", "123 1/2 Elm St"), ("123 ¾ Elm St #4", "123 3/4 Elm St"),
        ("12 Smalltown Rd", "12 Smalltown Rd"),
        ("N57 W27841 Walnut St", "N57 W27841 Walnut St"),
    ])
    func aGeocoderIsAskedForTheLineWithoutUnitAndPlace(_ text: String, _ asked: String) throws {
        let line = try #require(StreetLine(text, city: "Smalltown", state: "KY", zip: "42001"))
        #expect(line.text == asked)
    }

    @Test(arguments: [
        ("901", "901", true), ("901", "903", false), ("3415", "34-15", true), ("34-15", "34-15", true),
        ("4B", "4 b", true), ("4B", "4-B", true), ("901", "901-905", true), ("903", "901-905", true),
        ("905", "901-905", true), ("902", "901-905", false), ("907", "901-905", false), ("901-905", "903", true),
        ("56", "30-56", false), ("30", "30-56", false), ("N57 W27841", "N57W27841", true),
        ("N57W27841", "W27841", false), ("123 1/2", "123 1/2", true), ("123½", "123 1/2", true),
        ("123", "123 1/2", false),
        ("29W991", "29w991", true), ("12", "12-14", true), ("14", "12/14", true), ("007", "7", true),
        ("123", "123A", false),
        ("94-1234", "941234", true), ("147-45", "14745", true), ("12 1/4", "12 1/2", false),
    ])
    func numbersAreComparedByValue(_ one: String, _ other: String, _ isSame: Bool) throws {
        let (one, other) = (try #require(HouseNumber(one)), try #require(HouseNumber(other)))
        #expect(one.isSame(as: other) == isSame)
        #expect(other.isSame(as: one) == isSame)
    }

    @Test(arguments: [("30-34", 11103, "NY"), ("12-14", 7410, "NJ"), ("91-101", 96706, "HI"), ("94-99", 0, "HI")])
    func whereHyphensStandInsideNumbersTheyAreNoRange(_ text: String, _ zip: Int, _ state: String) throws {
        let joinsHyphens = HouseNumber.joinsHyphens(zip: zip, state: state)
        #expect(HouseNumber(text, joinsHyphens: joinsHyphens)?.number == Int(text.filter { $0 != "-" }))
        #expect(HouseNumber(text)?.last != nil)
    }

    /// Two readings, or none: what spreadsheets make of numbers.
    @Test(arguments: [
        "9.01E+02", "1-Sep", "Sep-01", "12-Oct", "3-May-24", "2024-09-01", "9/1/2024", "1E3", "-901", "901,903",
        "1,901",
        "901E AND 02", "1 901", "901 903 905",
    ])
    func aSpoiledNumberIsNone(_ text: String) { #expect(HouseNumber(text) == nil) }

    @Test func whereHyphensStandInsideNumbersALetterMayFollow() {
        #expect(HouseNumber("88-11A", joinsHyphens: true) == HouseNumber(number: 8811, rest: "A"))
        #expect(HouseNumber("90-22B", joinsHyphens: true)?.isDoor(of: HouseNumber(number: 9022)) == true)
        #expect(HouseNumber("88-11A")?.number == 88)
        #expect(HouseNumber("88-11A")?.isDoor(of: HouseNumber(number: 88)) == false)
    }

    @Test(arguments: ["", "0", "abc", "-", "99999999999999999999", "NONE"])
    func aColumnWithoutANumberHasNone(_ text: String) { #expect(HouseNumber(text) == nil) }

    @Test(arguments: [
        ("12", "12"), ("12a", "12A"), ("12 1/2", "12 1/2"), ("N6W23001", "N6W23001"), ("12 rear", "12REAR"),
        ("12.0", "12"), ("29w045", "29W045"), ("901-905", "901-905"), ("N57 W27841 a", "N57W27841A"), ("One", "1"),
        ("123 apt 4", "123"),
    ])
    func aNumberIsWrittenAgain(_ text: String, _ written: String) { #expect(HouseNumber(text)?.text == written) }

    /// A message of a neighbour's may have a street of megabytes, and so may an answer: to read it would take for ever.
    @Test(
        "what is longer than any address is none, at once", .timeLimit(.minutes(1)),
        arguments: [
            "12 Main St ", "\u{BD}", "1-2 ", "Apt 4 ", "a, ", "e\u{301}\u{323}",
        ])
    func endlessText(_ piece: String) {
        let text = String(repeating: piece, count: 1_000_000)
        #expect(StreetLine(text) == nil && StreetName(text) == nil && HouseNumber(text) == nil)
        for place in [(text, "TX", "77002"), ("Houston", text, "77002"), ("Houston", "TX", text)] {
            #expect(StreetLine("901 Bagby St", city: place.0, state: place.1, zip: place.2) == nil)
            let address = PostalAddress(street: "901 Bagby St", city: place.0, state: place.1, zip: place.2)
            #expect(StreetLine(address) == nil)
        }
        // As long as the front door lets through.
        let longest = "901 Bagby St" + String(repeating: " Apt \u{BD}", count: 31)
        #expect(StreetLine(longest) != nil)
    }
}
