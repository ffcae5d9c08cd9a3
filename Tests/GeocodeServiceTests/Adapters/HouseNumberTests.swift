import Contracts
import Testing

@testable import GeocodeService

/// What a geocoder is asked for, and whether the house that it found is that one.
@Suite struct HouseNumberTests {
    private func address(_ street: String, state: String = "TX", zip: String = "77002") -> PostalAddress {
        PostalAddress(street: street, city: "Houston", state: state, zip: zip)
    }

    @Test(
        arguments: [
            ("901 Bagby St", "901", true), ("901 Bagby St", "903", false), ("901 Bagby St", nil, false),
            ("Bagby St", "901", true), ("Bagby St", nil, true), ("3415 74th St", "34-15", true),
            ("4B Elm St", "4 b", true), ("901 Bagby St", "899;901", true), ("901 Bagby St", "901-905", true),
            ("903 Bagby St", "901-905", true), ("90 Bagby St", "901-905", false), ("904 Bagby St", "901-905", false),
            ("901-905 Bagby St", "903", true), ("56 Steinway St", "30-56", false), ("3056 Steinway St", "30-56", true),
            ("N57 W27841 Walnut St", "N57W27841", true), ("N57W27841 Walnut St", "N57 W27841", true),
            ("123 1/2 Elm St", "123 1/2", true), ("123½ Elm St", "123 1/2", true), ("123 Elm St", "123 1/2", false),
            ("29W991 Emerald Green Dr", "29W991", true), ("Apt 4, 901 Bagby St", "901", true),
            ("30-56 Oak St", "3056", false), ("30-56 Oak St", "56", false), ("30-56 Oak St", "30-56", true),
            ("1-2345 Oak St", "12345", false), ("#4 901 Bagby St", "901", true), ("125 A Elm St", "125A", true),
            ("One Main St", "1", true),
        ] as [(String, String?, Bool)])
    func isComparedByValue(street: String, found: String?, isHouse: Bool) {
        #expect(address(street).isHouse(found) == isHouse)
    }

    @Test func whereHyphensStandInsideNumbersTheyAreNoRange() {
        #expect(!address("34 Steinway St", state: "NY", zip: "11103").isHouse("30-34"))
        #expect(address("3034 Steinway St", state: "NY", zip: "11103").isHouse("30-34"))
        #expect(address("34 Elm St").isHouse("30-34"))
    }

    @Test(arguments: Asking.kinds)
    func theUnitAndTheRepeatedCityStayHere(kind: GeocoderEntry.Kind) throws {
        for street in [
            "901 Bagby St Apt 4", "901 Bagby St #4", "901 Bagby St, 16th Floor", "Suite 5, 901 Bagby St",
            "901 Bagby St Apt4", "901 Bagby St, 12C", "901 Bagby St, Houston, TX 77002",
        ] {
            let asked = try Asking.dialect(kind).question(address(street)).query
            let plain = try Asking.dialect(kind).question(address("901 Bagby St")).query
            #expect(asked == plain)
        }
    }
}
