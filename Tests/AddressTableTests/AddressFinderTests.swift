import Contracts
import Testing

@testable import AddressTable

@Suite struct AddressFinderTests {
    private func answer(
        _ rows: [AddressTableFixture.Row], _ street: String, city: String = "Houston", zip: String = "77002"
    ) async throws -> AddressMatch? {
        let fixture = try AddressTableFixture()
        let result: Result<AddressMatch?, any Error>
        do {
            try fixture.write(rows)
            result = .success(try await fixture.find(street, city: city, zip: zip))
        } catch {
            result = .failure(error)
        }
        try fixture.remove()
        return try result.get()
    }

    @Test func aHouseInTheTableIsARooftop() async throws {
        let rows = AddressTableFixture.street("Bagby St", numbers: [899, 901, 905])
        let match = try #require(try await answer(rows, "901 bagby street, apt 4"))
        #expect(match.precision == .rooftop)
        #expect(match.confidence == 1)
        #expect(abs(match.latitude - (29.76 + 901 * 0.00009)) < 1e-6)
        #expect(abs(match.longitude + 95.37) < 1e-6)
        #expect(match.state == "TX")
        #expect(match.text == "901 BAGBY ST, 77002")
    }

    /// A file without ZIPs has a street in each ZIP around. In those that are not the nearest it may be another town's.
    @Test func aStreetThatIsGuessedToReachIntoAZIPHasNoHousesButItsOwnThere() async throws {
        let fixture = try AddressTableFixture()
        let name = try #require(StreetName("Main St"))
        _ = try AddressTableWriter(path: fixture.path).write { filling in
            var place = AddressTableFilling.Place(zip: 77002, state: "TX", city: "houston")
            place.isGuessed = true
            let street = try filling.street(name, in: place)
            for number in [100, 110] {
                try filling.add(
                    HouseNumber(number: number), street: street, latitude: 29.76 + Double(number) * 0.00009,
                    longitude: -95.37)
            }
            place.zip = 77003
            try filling.add(name, alsoIn: place, housesOf: street)
        }
        #expect(try await fixture.find("104 Main St")?.precision == .interpolated)
        #expect(try await fixture.find("100 Main St", city: "Elsewhere", zip: "77003")?.precision == .rooftop)
        #expect(try await fixture.find("104 Main St", city: "Elsewhere", zip: "77003") == nil)
        #expect(try await fixture.find("112 Main St", city: "Elsewhere", zip: "77003") == nil)
        try fixture.remove()
    }

    @Test func betweenTwoHousesOfItsSideANumberIsInterpolated() async throws {
        // The other side has nearer numbers, and is somewhere else.
        let rows =
            AddressTableFixture.street("Bagby St", numbers: [900, 920])
            + AddressTableFixture.street("Bagby St", numbers: [907, 909], longitude: -95.371)
        let match = try #require(try await answer(rows, "910 Bagby St"))
        #expect(match.precision == .interpolated)
        #expect(match.confidence == 0.8)
        #expect(abs(match.latitude - (29.76 + 910 * 0.00009)) < 1e-6)
        #expect(abs(match.longitude + 95.37) < 1e-6)
    }

    @Test func besideTheLastHouseItIsThatOne() async throws {
        let rows = AddressTableFixture.street("Bagby St", numbers: [900, 910])
        let match = try #require(try await answer(rows, "930 Bagby St"))
        #expect(match.precision == .interpolated)
        #expect(match.confidence == 0.6)
        #expect(abs(match.latitude - (29.76 + 910 * 0.00009)) < 1e-6)
        #expect(abs(match.uncertaintyKilometres - 0.18) < 1e-9)
    }

    @Test func aNumberFarFromAllOthersIsUnknown() async throws {
        #expect(try await answer(AddressTableFixture.street("Bagby St", numbers: [900, 910]), "2000 Bagby St") == nil)
    }

    @Test func aGapIsNotBridgedButAShortStreetHasAMiddle() async throws {
        let rows = AddressTableFixture.street("Bagby St", numbers: [100, 350])
        let match = try #require(try await answer(rows, "226 Bagby St"))
        #expect(match.precision == .street)
        #expect(match.confidence == 0.5)
        #expect(abs(match.latitude - (29.76 + 225 * 0.00009)) < 1e-6)
        let long = AddressTableFixture.street("Bagby St", numbers: [100, 1100])
        #expect(try await answer(long, "600 Bagby St") == nil)
        #expect(try await answer(long, "Bagby St") == nil)
        #expect(try await answer(rows, "Bagby St")?.precision == .street)
    }

    @Test func neighboursInNumberThatLieFarApartAreNotInterpolated() async throws {
        let rows =
            AddressTableFixture.street("Bagby St", numbers: [900])
            + AddressTableFixture.street("Bagby St", numbers: [920], latitude: 29.90)
        let match = try #require(try await answer(rows, "906 Bagby St"))
        #expect(match.confidence == 0.6)
        #expect(abs(match.latitude - (29.76 + 900 * 0.00009)) < 1e-6)
    }

    @Test func aLetterMoreOrLessIsTheSameHouseAlmost() async throws {
        let rows = AddressTableFixture.street("Bagby St", numbers: [901])
        let match = try #require(try await answer(rows, "901B Bagby St"))
        #expect(match.precision == .interpolated)
        #expect(match.confidence == 0.9)
    }

    @Test func ofTwoStreetsTheOneInTheZIPIsMeant() async throws {
        let rows =
            AddressTableFixture.street("Main St", numbers: [10])
            + AddressTableFixture.street("Main St", numbers: [10], zip: 77003, latitude: 29.9)
        #expect(try await answer(rows, "10 Main St")?.text == "10 MAIN ST, 77002")
        #expect(try await answer(rows, "10 Main St", zip: "77003")?.text == "10 MAIN ST, 77003")
    }

    @Test func withoutAKnownZIPTheCityDecidesUnlessItHasTwo() async throws {
        let one = AddressTableFixture.street("Main St", numbers: [10])
        let two = one + AddressTableFixture.street("Main St", numbers: [10], zip: 77003, latitude: 29.9)
        let match = try #require(try await answer(one, "10 Main St", zip: "77999"))
        #expect(match.precision == .rooftop)
        #expect(abs(match.confidence - 0.9) < 1e-9)
        #expect(try await answer(two, "10 Main St", zip: "77999") == nil)
        #expect(try await answer(one, "10 Main St", city: "Dallas", zip: "77999") == nil)
        #expect(try await answer(one, "10 Main St", city: "HOUSTON, TX", zip: "") != nil)
    }

    @Test func aNameInPartIsTheOneStreetThatFits() async throws {
        let rows = AddressTableFixture.street("N Main St", numbers: [10])
        let match = try #require(try await answer(rows, "10 Main"))
        #expect(abs(match.confidence - 0.9) < 1e-9)
        #expect(match.text == "10 N MAIN ST, 77002")
        #expect(try await answer(rows, "10 S Main St") == nil)
    }

    @Test func aNameInPartThatFitsTwoIsAnswerEnoughOnlyWhereTheyLieTogether() async throws {
        let far =
            AddressTableFixture.street("N Main St", numbers: [10])
            + AddressTableFixture.street("S Main St", numbers: [10], latitude: 29.7)
        #expect(try await answer(far, "10 Main St") == nil)
        let near =
            AddressTableFixture.street("N Main St", numbers: [10])
            + AddressTableFixture.street("S Main St", numbers: [10], latitude: 29.761)
        #expect(try await answer(near, "10 Main St") != nil)
        // The number is only on one of them.
        let other =
            AddressTableFixture.street("N Main St", numbers: [10])
            + AddressTableFixture.street("S Main St", numbers: [12], latitude: 29.7)
        #expect(try await answer(other, "10 Main St")?.text == "10 N MAIN ST, 77002")
    }

    @Test func thatOneIsAskedAsItIsWrittenFirst() async throws {
        let rows =
            AddressTableFixture.street("Main St", numbers: [8, 12])
            + AddressTableFixture.street("N Main St", numbers: [10], latitude: 29.9)
        #expect(try await answer(rows, "10 Main St")?.text == "10 MAIN ST, 77002")
    }

    @Test func ofTwoTownsInOneZIPTheOneThatWasNamedIsMeant() async throws {
        let rows =
            AddressTableFixture.street("Main St", numbers: [10], city: "Houston")
            + AddressTableFixture.street("Main St", numbers: [10, 12], city: "Bellaire", latitude: 29.9)
        let houston = try #require(try await answer(rows, "10 Main St"))
        #expect(houston.precision == .rooftop && houston.latitude < 29.8)
        #expect(try await answer(rows, "10 Main St", city: "Bellaire").map { $0.latitude > 29.8 } == true)
        #expect(try await answer(rows, "10 Main St", city: "Elsewhere") == nil)
        // Named or not, it has no other place with that number.
        #expect(try await answer(rows, "12 Main St")?.precision == .rooftop)
    }

    @Test func severalStreetsThatLieTogetherAreOneCoarsePlace() async throws {
        let near =
            AddressTableFixture.street("N Main St", numbers: [10])
            + AddressTableFixture.street("S Main St", numbers: [10], latitude: 29.762)
        let match = try #require(try await answer(near, "10 Main St"))
        #expect(match.precision == .street)
        #expect(match.uncertaintyKilometres > 0.1 && match.uncertaintyKilometres < 0.2)
        // A number between two houses is as good a reading as a house.
        let between =
            AddressTableFixture.street("N Main St", numbers: [10])
            + AddressTableFixture.street("S Main St", numbers: [8, 12], latitude: 29.7)
        #expect(try await answer(between, "10 Main St") == nil)
    }

    @Test func besideAHouseOfAStreetThatMayBeAnotherNothingIsSaid() async throws {
        let rows = AddressTableFixture.street("E Main St", numbers: [100])
        #expect(try await answer(rows, "110 Main St") == nil)
        #expect(try await answer(rows, "110 E Main St")?.confidence == 0.6)
        #expect(try await answer(rows, "100 Main St")?.precision == .rooftop)
    }

    @Test(arguments: [
        ("901-905 Bagby St", "903 Bagby St", true), ("901-905 Bagby St", "902 Bagby St", false),
        ("901 Bagby St", "901-905 Bagby St", true), ("12-14 Bagby St", "14 Bagby St", true),
        ("12-14 Bagby St", "1214 Bagby St", false), ("30-56 Bagby St", "3056 Bagby St", false),
        ("30-56 Bagby St", "30-56 Bagby St", false), ("30-40 Bagby St", "30-40 Bagby St", true),
        ("123-45 Bagby St", "123-45 Bagby St", true), ("12345 Bagby St", "123-45 Bagby St", false),
        ("12345 Bagby St", "1-2345 Bagby St", false), ("3056 Bagby St", "30-56 Bagby St", false),
        ("2345 Bagby St", "#1-2345 Bagby St", false), ("1001 Bagby St", "1O01 Bagby St", false),
        ("1001-1099 Bagby St", "1051 Bagby St", false), ("1001-1099 Bagby St", "1001 Bagby St", false),
        ("1001-1099 Bagby St", "1001-1099 Bagby St", false),
        ("30-56 Bagby St", "56 Bagby St", false), ("123 1/2 Bagby St", "123½ Bagby St", true),
        ("123 1/2 Bagby St", "123 Bagby St", false), ("N57W27841 Bagby St", "N57 W27841 Bagby St", true),
        ("N57W27841 Bagby St", "W27841 Bagby St", false), ("29W991 Bagby St", "991 Bagby St", false),
        ("29W991 Bagby St", "29991 Bagby St", false),
    ])
    func aNumberIsAskedByItsValue(_ row: String, _ asked: String, _ isHouse: Bool) async throws {
        let match = try await answer([AddressTableFixture.Row(line: row, latitude: 29.76, longitude: -95.37)], asked)
        #expect((match?.precision == .rooftop) == isHouse, "\(match?.text ?? "")")
    }

    /// A flat and its house, a building as long as a block, or Queens' way where it is not known: only what lies
    /// together is an answer.
    @Test func aPairThatMayBeSeveralHousesIsNoHouse() async throws {
        let apart = AddressTableFixture.street("Oak St", numbers: [30, 56, 3056])
        let match = try #require(try await answer(apart, "30-56 Oak St"))
        #expect(match.precision == .street && match.confidence <= 0.5 && match.uncertaintyKilometres > 0.1)
        #expect(abs(match.latitude - (29.76 + 43 * 0.00009)) < 1e-6)
        // The flat stands in front, wherever the other reading would lie.
        let flat = AddressTableFixture.street("Oak St", numbers: [2345, 12345])
        for line in ["1-2345 Oak St", "1 - 2345 Oak St", "#1-2345 Oak St"] {
            let match = try #require(try await answer(flat, line))
            #expect(match.precision == .street && match.text.hasPrefix("2345 "), "\(match.text)")
        }
        #expect(try await answer(AddressTableFixture.street("Oak St", numbers: [12345]), "1-2345 Oak St") == nil)
    }

    @Test func inABlockAHouseIsSomewhere() async throws {
        let block = [AddressTableFixture.Row(line: "1001-1099 Bagby St", latitude: 29.76, longitude: -95.37)]
        for line in ["1051 Bagby St", "1001 Bagby St", "1099 Bagby St"] {
            let match = try #require(try await answer(block, line))
            #expect(match.precision == .interpolated && match.confidence <= 0.6, "\(line)")
            #expect(match.uncertaintyKilometres > 0.4)
        }
        #expect(try await answer(block, "1052 Bagby St") == nil)
        // Houses say more than it does, and it stands for none of its own.
        let houses = AddressTableFixture.street("Bagby St", numbers: [1041, 1061])
        #expect(try await answer(block + houses, "1051 Bagby St")?.confidence == 0.8)
        #expect(try await answer(block + houses, "1041 Bagby St")?.precision == .rooftop)
    }

    @Test func inQueensALetterBelongsToAWholeNumber() async throws {
        let rows = ["88-11A 163rd St", "90-20A 165th St", "90-22 165th St"].enumerated().map { index, line in
            AddressTableFixture.Row(
                line: line.replacing("-", with: ""), zip: 11432, city: "Jamaica", state: "NY",
                latitude: 40.7 + Double(index) * 0.01, longitude: -73.8)
        }
        func find(_ line: String) async throws -> AddressMatch? {
            let fixture = try AddressTableFixture()
            try fixture.write(rows)
            let match = try await fixture.find(line, city: "Jamaica", state: "NY", zip: "11432")
            try fixture.remove()
            return match
        }
        for line in ["88-11A 163rd St", "88-11 A 163rd Street", "8811A 163 St"] {
            #expect(try await find(line)?.precision == .rooftop, "\(line)")
        }
        let other = try await find("88-91B 163rd St")
        #expect(other.map { $0.confidence < 0.7 } ?? true)
        #expect(try await find("90-22B 165th St").map { abs($0.latitude - 40.72) < 1e-6 } == true)
        #expect(try await find("90-20 165th St").map { abs($0.latitude - 40.71) < 1e-6 } == true)
    }

    @Test func numbersOfAGridAreInterpolatedAlongTheirAxis() async throws {
        let rows = [
            AddressTableFixture.Row(line: "29W991 Bagby St", latitude: 29.76, longitude: -95.37),
            AddressTableFixture.Row(line: "30W011 Bagby St", latitude: 29.762, longitude: -95.37),
            AddressTableFixture.Row(line: "5N001 Bagby St", latitude: 29.70, longitude: -95.37),
        ]
        let match = try #require(try await answer(rows, "30W001 Bagby St"))
        #expect(match.precision == .interpolated && abs(match.latitude - 29.761) < 1e-6)
        #expect(match.text == "30W001 BAGBY ST, 77002")
    }

    @Test func whatIsNoStreetIsNotLookedFor() async throws {
        let rows = AddressTableFixture.street("Bagby St", numbers: [901])
        #expect(try await answer(rows, "PO Box 901") == nil)
        #expect(try await answer(rows, "901 Nowhere St") == nil)
    }
}
