import ArgumentParser
import Contracts
import Testing

@testable import Operator

@Suite struct GazetteerFlagsTests {
    @Test func whatIsNotSaidHasItsDefault() throws {
        let command = try GazetteerImport.parse(["a.csv", "b.csv", "--output", "t.sqlite"])
        #expect(command.files == ["a.csv", "b.csv"])
        #expect(command.maxMalformed == 10)
        #expect(command.region == nil)
    }

    @Test(arguments: [
        ["a.csv"], ["--output", "t"], ["a.csv", "--output", "t", "--max-malformed", "101"],
        ["a.csv", "--output", "t", "--max-malformed=-1"], ["a.csv", "--output", "t", "--region", "Jalisco"],
        ["a.csv", "--output", "t", "--zip", "7700"],
        ["-", "-", "--output", "t"], ["a.csv", "--output", "t", "--list=-1"],
    ])
    func whatMakesNoSenseIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try GazetteerImport.parse(arguments) }
    }

    @Test(arguments: [
        "901 Bagby St, Houston, TX 77002", "901 Bagby St,Houston,TX 77002", " 901  Bagby St , Houston , Texas 77002 ",
        "901 Bagby St, Houston TX 77002", "901 Bagby St, Houston Texas 77002",
    ])
    func anAddressInOneLineIsTakenApart(_ text: String) {
        #expect(
            AddressText.address(text)
                == PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002"))
    }

    @Test func commasMayBeInTheStreetAndTheZIPMayBeMissing() {
        #expect(
            AddressText.address("901 Bagby St, Apt 4, Houston, TX")
                == PostalAddress(street: "901 Bagby St, Apt 4", city: "Houston", state: "TX", zip: ""))
        #expect(AddressText.address("901 Bagby St Houston TX 77002") == nil)
        #expect(AddressText.address("901 Bagby St, Houston, Jalisco 77002") == nil)
        #expect(AddressText.address("") == nil)
    }
}
