import Contracts
import Testing

@testable import AddressTable

/// Tables that have a street like the one that was asked for, and not that one. A house of it would be wrong.
@Suite struct WrongStreetTests {
    private func find(
        _ rows: [String], _ asked: String, state: String = "KY", city: String = "Smalltown", other: [String] = []
    ) async throws -> AddressMatch? {
        let fixture = try AddressTableFixture()
        let result: Result<AddressMatch?, any Error>
        do {
            // The other ones are in the next ZIP of the same city.
            let zips = rows.map { ($0, 42001) } + other.map { ($0, 42002) }
            try fixture.write(
                zips.enumerated().map { index, row in
                    AddressTableFixture.Row(
                        line: row.0, zip: row.1, city: city, state: state, latitude: 37 + Double(index) * 0.05,
                        longitude: -88)
                })
            result = .success(try await fixture.find(asked, city: city, state: state, zip: "42001"))
        } catch {
            result = .failure(error)
        }
        try fixture.remove()
        return try result.get()
    }

    /// Where the street that was asked for is in the table, a number that it lacks is not looked for on others.
    @Test(arguments: [
        (["20 PARK AVE", "400 PARK AVE S"], "20 Park Ave S"), (["20 PARK AVE S", "400 PARK AVE"], "20 Park Ave"),
        (["500 US HIGHWAY 9", "502 STATE ROUTE 9N"], "500 Route 9N"),
        (["500 STATE ROUTE 9N", "900 ROUTE 9"], "500 Route 9"),
        (["500 N MAIN ST", "8 MAIN ST"], "500 Main St"), (["500 MAIN ST NW", "8 MAIN ST"], "500 Main St"),
        (["300 US HIGHWAY 6", "900 HIGHWAY 6"], "300 Highway 6"), (["70 OAK TRL", "900 OAK TR"], "70 Oak Tr"),
        (["250 BROADWAY AVE", "900 BROADWAY"], "250 Broadway"), (["250 BROADWAY", "900 BROADWAY B"], "250 Broadway B"),
        (["40 CRYSTAL LAKE RD", "900 CRYSTAL LAKE"], "40 Crystal Lake"),
        (["73 ROUTE 9W", "900 ROUTE 9 W"], "73 Route 9 W"),
        (["12 COUNTY ROAD 12", "900 COUNTY ROAD 12A"], "12 CR 12A"),
        (["10 MAIN ST N", "900 N MAIN ST"], "10 N Main St"),
    ])
    func aNumberThatTheStreetLacksIsNotOnAnother(_ rows: [String], _ asked: String) async throws {
        let match = try await find(rows, asked)
        #expect(match == nil, "\(match?.text ?? "")")
    }

    @Test func norOnOneOfTheSameCityInAnotherZIP() async throws {
        #expect(try await find(["400 MAIN ST"], "20 Main St", other: ["20 N MAIN ST"]) == nil)
        #expect(try await find(["400 PARK AVE S"], "20 Park Ave S", other: ["20 PARK AVE"]) == nil)
        // The street itself goes on there.
        let same = try await find(["400 MAIN ST"], "20 Main St", other: ["20 MAIN ST", "20 N MAIN ST"])
        #expect(same?.precision == .rooftop && same?.text == "20 MAIN ST, 42002")
    }

    @Test(arguments: [
        (["300 MAIN ST"], "300 W Main St"), (["100 MAIN ST", "102 E MAIN ST"], "100 Main St W"),
        (["20 PARK AVE"], "20 Park Ave S"), (["100 HIGHWAY 2"], "100 State Highway 2 E"),
        (["9000 LOOP 410"], "9000 NE Loop 410"), (["1600 PENNSYLVANIA AVE"], "1600 Pennsylvania Ave NW"),
        (["10 5TH ST"], "10 SE 5th St"), (["10 N MAIN ST"], "10 N Main St W"), (["10 BROADWAY"], "10 North Broadway"),
        (["100 US HIGHWAY 130"], "100 US-130 N"),
        (["100 HIGHWAY 2"], "100 County Road 2"), (["100 HIGHWAY 2"], "100 Interstate 2"),
        (["100 HIGHWAY 2"], "100 TN 2"), (["100 STATE HIGHWAY 2"], "100 TN Hwy 2"),
        (["100 HIGHWAY 2"], "100 Tennessee Route 2"), (["100 HIGHWAY 2"], "100 FM 2"),
        (["100 HIGHWAY 2"], "100 Township Rd 2"), (["66 ROAD 7"], "66 State Route 7"), (["66 ROAD 7"], "66 FM 7"),
        (["66 ROAD 7"], "66 US 7"), (["600 AVENUE B"], "600 Avenue B Ct"), (["68 AVENUE C"], "68 Avenue C Ln"),
        (["68 AVENUE C"], "68 Avenue C Dr"), (["65 CALLE LUNA"], "65 Calle Luna Ct"),
        (["120 RIVER RD"], "120 Lower River Rd"), (["120 RIVER RD"], "120 Upper River Rd Apt 4"),
        (["120 RIVER RD"], "120 Back River Rd"), (["120 RIVER RD"], "120 Side River Rd"),
        (["120 FORK RD"], "120 Right Fork Rd"), (["120 FORK RD"], "120 Left Fork Rd"),
        (["120 BAY BLVD"], "120 Back Bay Blvd"),
        (["120 CREEK RD"], "120 Middle Creek Rd"), (["120 ROYAL RD"], "120 Front Royal Rd"),
        (["120 WACKER DR"], "120 Lower Wacker Dr"), (["120 MAIN ST"], "120 Upper Main St"),
        (["120 ROCK LN"], "120 Attic Rock Ln"), (["120 DOOR LN"], "120 Garage Door Ln"),
        (["120 CEDAR ST"], "120 Cedar Bay #4"), (["120 CEDAR ST"], "120 Cedar Key 12"),
        (["120 CEDAR ST"], "120 Cedar Gate 5"),
        (["120 CEDAR ST"], "120 Cedar Villa 3"), (["120 CEDAR ST"], "120 Cedar Pier #2"),
        (["120 CEDAR ST"], "120 Cedar Cottage #2"), (["120 CEDAR ST"], "120 Cedar Side Apt 4"),
        (["120 CEDAR ST"], "120 Cedar Bay B"), (["120 CEDAR ST"], "120 N Cedar Side"),
        (["120 CEDAR ST"], "120 Cedar Loft 7"),
        (["120 AVENUE NORTH"], "120 W Avenue N"), (["120 INDIANA AVE"], "120 Ind Ave"),
        (["20 CAMINO REAL"], "20 Camino Real Way"), (["24 AVENUE OF THE AMERICAS"], "24 Avenue of the Americas Pl"),
        (["120 PARK PL"], "120 Park Place Blvd"), (["120 MAIN ST"], "120 Main St Extension"),
        (["120 RIVER RD"], "120 River Rd Spur"), (["120 OLD ST"], "120 Old St Marys"),
        (["120 GRAND AVE"], "120 Grand Avenue Pkwy"), (["120 PARK AVE"], "120 Park Ave of the Arts"),
        (["120 MAIN ST"], "120 Main St at Oak"), (["120 COURT ST"], "120 Court St Plaza"),
        (["120 MILL RD"], "120 Mill Rd Connector Rd"), (["12 OAK ST"], "Highway 12 Oak St"),
        (["416 OAK ST"], "Avenue 416 Oak St"), (["12 CEDAR DR"], "Mile 12 Cedar Dr"),
        (["5 OAK RD"], "Gate 5 Oak Rd"), (["64 OAK ST"], "12 N Avenue 64 Oak St"),
        (["120 ORCHARD RD"], "120 Orchard Rd, N.E. Cedar Tower"), (["2460 W MAIN ST"], "East 2460 Main St"),
    ])
    func whatTheTableDoesNotSayIsAnotherStreet(_ rows: [String], _ asked: String) async throws {
        let match = try await find(rows, asked)
        #expect(match == nil, "\(match?.text ?? "")")
    }

    @Test(arguments: [
        ("250 BROADWAY", "250 Broadway Ct"), ("250 BROADWAY", "250 Broadway St Apt 4"), ("901 BAGBY", "901 Bagby St"),
        ("58 PINE HOLLOW", "58 Pine Hollow Rd"), ("59 TURKEY CREEK", "59 Turkey Creek Rd"),
        ("28 ROAD 281", "28 Township Road 281"), ("70 OAK TR", "70 Oak Ter"), ("71 ELM CR", "71 Elm Ct"),
        ("812 COUNTY RD 12", "812 County Road 12 A"), ("1645 SOUTH ST", "1645 S St"), ("14 E ST", "14 East Street"),
        ("20 NORTH AVE", "20 N Ave"), ("120 MAIN ST", "120 Rear Main St"), ("120 INDUSTRIAL AVE", "120 Ind Ave"),
        ("600 AVENUE N", "600 Avenue North"), ("120 CEDAR ST", "120 Cedar Lot 5"), ("120 CEDAR ST", "120 Cedar 4B"),
        ("250 BROADWAY", "250 Broadway Tower 4"), ("1600 W COURT ST", "1600 W Court"),
        ("250 BROADWAY", "250 Broadway Side"), ("120 CEDAR", "120 Cedar Upper"), ("120 CEDAR ST", "120 Cedar Space 30"),
        ("120 CEDAR", "120 Cedar Garage"),
        ("120 MAIN RD", "120 Main Rd Elmwood"), ("120 MAIN ST", "120 Main St East Elmwood"),
        ("120 MAIN AVE E", "120 Main Ave East Elmwood"),
    ])
    func whereItMayBeAnotherTheAnswerIsNoHouse(_ row: String, _ asked: String) async throws {
        let match = try #require(try await find([row], asked))
        #expect(match.precision == .street && match.confidence <= 0.5 && match.uncertaintyKilometres >= 1)
        // Beside such a house nothing is said.
        let number = try #require(Int(asked.prefix { $0.isNumber }))
        let beside = try await find([row], asked.replacing("\(number) ", with: "\(number + 2) "))
        #expect(beside == nil, "\(beside?.text ?? "")")
    }

    /// Where both are in the table, each is found.
    @Test(arguments: [
        ("1645 SOUTH ST", "1645 S ST", "1645 South St"), ("1645 S ST", "1645 SOUTH ST", "1645 S Street Apt 4"),
        ("9 AVENUE N", "9 AVENUE NORTH", "9 Ave N"), ("9 EAST AVE", "9 E AVE", "9 East Avenue"),
        ("9 NE ST", "9 NORTHEAST ST", "9 N.E. Street"),
        ("120 CEDAR BAY", "120 CEDAR ST", "120 Cedar Bay #4"), ("120 CEDAR BAY", "120 CEDAR ST", "120 Cedar Bay 4"),
        ("120 OCEAN FRONT", "120 OCEAN AVE", "120 Ocean Front Apt 4"),
        ("120 OCEAN FRONT", "120 OCEAN AVE", "120 Ocean Front #4"),
        ("120 BAY SIDE", "120 BAY ST", "120 Bay Side Apt 4"),
        ("120 SUMMER HOUSE", "120 SUMMER ST", "120 Summer House #4"),
        ("120 SUMMER HOUSE", "120 SUMMER ST", "120 Summer House 4"),
        ("120 FOX GATE", "120 FOX LN", "120 Fox Gate Unit 2"),
        ("120 BELL TOWER", "120 BELL AVE", "120 Bell Tower #4"),
        ("120 STONE LOFT", "120 STONE RD", "120 Stone Loft # 4"),
        ("120 FISHERMANS PIER", "120 FISHERMANS WAY", "120 Fishermans Pier, #4"),
        ("120 MEADOW VILLA", "120 MEADOW LN", "120 Meadow Villa Apt 4"),
        ("120 PELICAN KEY", "120 PELICAN DR", "120 Pelican Key #4"),
        ("120 COOPERS SLIP", "120 COOPERS LN", "120 Coopers Slip 9"),
        ("120 UPPER RIVER RD", "120 RIVER RD", "120 Upper River Rd"), ("7 IND AVE", "7 INDUSTRIAL AVE", "7 Ind Ave"),
        ("7 INDUSTRIAL AVE", "7 IND AVE", "7 Industrial Avenue"), ("7 ISLES DR", "7 ISLE DR", "7 Isles Dr"),
        ("7 GREEN ACRES RD", "7 GREENACRES RD", "7 Green Acres Rd"),
        ("7 GREENACRES RD", "7 GREEN ACRES RD", "7 Greenacres Road #4"),
        ("120 MAIN ST", "12 CEDAR PL", "120 Main St, 12 Cedar Pl"),
        ("120 MAIN ST EXT", "120 MAIN ST", "120 Main St Extension"),
        ("120 ELM AVE OAK FLATS", "120 ELM AVE", "120 Elm Ave Oak Flats"),
        ("7 VIA", "7 VIADUCT", "7 Via"), ("7 BAY 22ND ST", "7 22ND ST", "7 Bay 22 St"),
    ])
    func ofTwoLikeStreetsEachIsFound(_ right: String, _ other: String, _ asked: String) async throws {
        for rows in [[right, other], [other, right]] {
            let match = try #require(try await find(rows, asked))
            #expect(match.precision == .rooftop, "\(match.text)")
            #expect(abs(match.latitude - (rows[0] == right ? 37 : 37.05)) < 1e-6, "\(match.text)")
        }
    }

    /// What the line leaves out, the table may say.
    @Test(arguments: [
        ("20 PARK AVE S", "20 Park Ave"), ("300 W MAIN ST", "300 Main St"), ("100 US HIGHWAY 2", "100 Highway 2"),
        ("100 HIGHWAY 2", "100 State Highway 2"), ("100 HIGHWAY 2", "100 US 2"), ("66 COUNTY ROAD 7", "66 Road 7"),
        ("100 STATE HIGHWAY 2", "100 KY 2"), ("100 HIGHWAY 2", "100 KY 2"), ("100 TN 2", "100 TN 2"),
        ("300 W MAIN ST", "300 Main St W"), ("600 AVENUE B", "600 Ave B #4"), ("70 OAK TR", "70 Oak Trail"),
        ("100 W LAKE ST", "100 W Lake"), ("200 N PARK AVE", "200 N Park"), ("300 S UNION AVE", "300 South Union #4"),
        ("520 E CENTER ST", "520 East Center"), ("600 E BRIDGE ST", "600 E Bridge"),
        ("2300 W PINE ST", "2300 W. Pine Apt 2"), ("11 E US HIGHWAY 40", "11 East 40 Hwy"),
        ("600 I ST NW", "600 Eye St NW"), ("700 Q ST", "700 Que St"), ("106 NW 7TH STREET RD", "106 NW 7 Street Road"),
    ])
    func whatTheLineLeavesOutIsFound(_ row: String, _ asked: String) async throws {
        #expect(try await find([row], asked)?.precision == .rooftop)
    }
}
