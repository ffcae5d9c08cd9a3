import Testing

@testable import AddressTable

/// Every spelling of a row is the same street as the first.
@Suite struct StreetNameTests {
    @Test(arguments: [
        ["MAIN ST", "Main Street", "main st.", "Main  Str", "MAIN STRT"],
        ["N MAIN ST", "North Main Street", "N. Main St.", "No. Main St", "n main street"],
        ["MAIN ST N", "Main Street North", "Main St. N."],
        [
            "NE 5TH AVE", "Northeast Fifth Avenue", "N.E. 5th Av", "N E Fifth Aven.", "North East 5th Avenue",
            "NE 5 AVE",
        ],
        ["21ST ST", "Twenty-First Street", "Twenty First St", "21th Street", "21 Street", "21ST STREET"],
        ["ST PAUL AVE", "Saint Paul Avenue", "St. Paul Ave", "ST PAUL AVNUE"],
        ["MT VERNON RD", "Mount Vernon Road", "Mt. Vernon Rd"],
        ["FT WORTH BLVD", "Fort Worth Boulevard", "Ft. Worth Boul"],
        ["OBRIEN CT", "O'Brien Court", "O’Brien Ct.", "OBRIEN CRT"],
        ["CANADA LN", "Cañada Lane", "Canada Lanes", "CAÑADA LN"],
        ["WINSTON SALEM PKWY", "Winston-Salem Parkway", "Winston Salem Pkwy", "WINSTON SALEM PKY"],
        ["PARK PL DR", "Park Place Drive", "Park Pl Dr"],
        [
            "MARTIN LUTHER KING BLVD", "Dr. Martin Luther King Jr. Blvd", "MLK Blvd", "M L King Boulevard",
            "Martin Luther King Jr Blvd",
        ],
        ["HWY 6", "Highway 6", "Hwy. 6", "HIGHWY 6", "Route 6", "Rte 6", "Rt. 6", "HWY-6"],
        ["US HWY 6", "US-6", "US 6", "U.S. Highway 6", "U S Hwy 6", "US Route 6", "US6"],
        [
            "STATE HWY 7", "State Road 7", "State Rd 7", "SR-7", "SR 7", "SR7", "SH 7", "State Route 7", "FL-7",
            "Florida 7", "TX Highway 7",
        ],
        ["COUNTY RD 12", "County Road 12", "Co Rd 12", "CR-12", "CR12", "Co. Hwy 12", "Cnty Rd 12", "County 12"],
        ["COUNTY RD KK", "County Road KK", "CTH KK", "Co Hwy KK", "County Highway KK"],
        ["FM 1960", "FM-1960", "Farm to Market Road 1960", "FM Rd 1960", "FM 1960 Rd", "F.M. 1960"],
        ["I 45", "I-45", "Interstate 45", "IH 45", "Interstate Highway 45"],
        ["E 400 S", "East 400 South", "E. 400 S."],
        ["AVENUE N", "Avenue N", "Ave N", "Av. N"],
        ["N ST", "N Street", "N. St"], ["NORTH ST", "North St", "NORTH STREET", "No. Street"],
        ["SOUTHWEST FWY", "SW Freeway"], ["SOUTH LOOP W", "S Loop West"],
        ["N LAKE ST", "North Lake St", "N. Lk St"], ["W CENTER", "West Ctr"],
        ["HWY 40", "40 Hwy", "40 Highway"], ["E HWY 40", "East 40 Hwy"],
        ["I 70 DR SW", "Interstate 70 Drive SW", "I-70 Dr. SW"], ["US HWY 6 AND 50", "US Hwy 6/50", "US 6 & 50"],
        ["STATE HWY A1A", "SR A1A", "State Road A1A", "S.R. A1A"],
        ["TOWNSHIP RD 12", "Twp 12", "Township 12", "TWP-12"],
        ["US HWY 60", "United States Highway 60", "United States Hwy 60"],
        ["COLLEGE PARK RD", "College Pk Road"], ["MARKET ST", "Mkt St"],
        ["BROADWAY", "broadway", "Broadway."],
        ["HWY 6 BYP", "Highway 6 Bypass"],
        ["N AVENUE 64", "North Avenue 64", "N. Ave 64"],
        ["OLD HWY 6", "Old Highway 6", "Old Hwy. #6"], ["US HWY 6 BUS", "US 6 Business", "Business US 6"],
        ["COUNTY RD N", "CTH N", "County Trunk N"],
        ["STATE HWY 50", "State Highway #50", "State Hwy No. 50", "STH 50"],
        ["110TH ST", "One Hundred Tenth St", "One Hundred and Tenth Street"], ["THE ALAMEDA", "Alameda"],
        ["AVENUE N 1/2", "Ave N 1/2", "Avenue N1/2"], ["9 MILE RD", "Nine Mile Rd"],
        ["JFK BLVD", "John F. Kennedy Blvd"],
        ["INTERNATIONAL PKWY", "Intl Pkwy", "Int'l Parkway"], ["COUNTY LINE RD", "Co Line Rd"],
        ["PERU W SECTION LINE RD", "Peru West Sec Line Road"],
    ])
    func oneStreetHasOneName(_ spellings: [String]) throws {
        let first = try #require(StreetName(spellings[0]))
        for spelling in spellings { #expect(StreetName(spelling) == first, "\(spelling)") }
    }

    @Test(arguments: [
        ["LAKE SHORE DR", "Lakeshore Dr"], ["MC DONALD LN", "McDonald Ln"], ["O BRIEN CT", "O'Brien Ct"],
    ])
    func blanksInANameAreNoDifference(_ spellings: [String]) throws {
        let (one, other) = (try #require(StreetName(spellings[0])), try #require(StreetName(spellings[1])))
        #expect(one.fit(other) == .sure(0) && other.fit(one) == .sure(0))
    }

    @Test(arguments: [
        ("Main St", "Main Ave"), ("Main St", "Maine St"), ("N Main St", "S Main St"), ("5th St", "6th St"),
        ("Park Rd", "Parks Rd"), ("Highway 6", "Highway 60"), ("I-45", "State Hwy 45"), ("Old Highway 6", "Highway 6"),
        ("E 400 S", "E 400 N"),
        ("N 400 E", "E 400 N"), ("N 400 E", "E 400 S"), ("400 E", "E 400"), ("S 500 W", "W 500 S"),
        ("E Main St N", "N Main St E"), ("NW Park Ave SE", "SE Park Ave NW"), ("12 1 St", "121 St"),
        ("County Road K", "K St"), ("Lake Dr", "Lakes Dr"), ("6th St", "Highway 6"),
        ("Isle Dr", "Isles Dr"), ("Hollow Rd", "Hollows Rd"), ("Forest Ave", "Forests Ave"), ("Via", "Viaduct"),
        ("Express Ln", "Expressway Ln"), ("Ind Ave", "Industrial Ave"), ("Ch St", "Church St"), ("W Lake", "W Park"),
        ("E Center", "W Center"), ("Avenue N", "Avenue North"),
    ])
    func twoStreetsStayTwo(_ one: String, _ other: String) throws {
        #expect(try #require(StreetName(one)).fit(#require(StreetName(other))) == nil)
    }

    /// What was asked for, and what a table has.
    @Test(arguments: [
        ("Main St", "Main St", 0), ("Main", "Main St", 1), ("Main St", "N Main St", 1), ("Main", "N Main St", 2),
        ("N Main St", "Main St N", 1), ("Main St N", "N Main St", 1), ("Highway 6", "US-6", 1),
        ("Highway 6", "Interstate 6", 1), ("State Road 6", "Hwy 6", 1), ("US 6", "Hwy 6", 1),
        ("Route 6", "County Rd 6", 1), ("Road 7", "County Rd 7", 1), ("Oak Tr", "Oak Trl", 1), ("Oak Trl", "Oak Tr", 1),
        ("Pennsylvania Ave", "Pennsylvania Ave NW", 1), ("950 E", "N 950 E", 1),
    ])
    func whatIsLeftOutIsNoContradiction(_ asked: String, _ row: String, _ leftOut: Int) throws {
        #expect(try #require(StreetName(asked)).fit(#require(StreetName(row))) == .sure(leftOut))
    }

    @Test(arguments: [
        ("N Main St", "Main St"), ("Main St W", "Main St"), ("Park Ave S", "Park Ave"), ("NE Loop 410", "Loop 410"),
        ("State Highway 2 E", "Highway 2"), ("Highway 9 N", "Highway 9"), ("N 400 E", "400 E"),
        ("NW 5th Ave", "5th Ave"), ("SE Main", "Main"), ("N Main St S", "N Main St"),
        ("Avenue B Ct", "Avenue B"), ("Avenue C Ln", "Avenue C"), ("Calle Luna Ct", "Calle Luna"),
        ("Camino Real Dr", "Camino Real"), ("Avenue of the Americas Pl", "Avenue of the Americas"),
        ("County Rd 2", "Highway 2"), ("Interstate 2", "Highway 2"), ("FM 2", "Highway 2"), ("Loop 2", "Highway 2"),
        ("Township Rd 2", "Highway 2"), ("State Route 7", "Road 7"), ("FM 7", "Road 7"), ("US 7", "Road 7"),
        ("County Rd 7", "Township Rd 7"), ("State Rte 9", "US 9"), ("Route 9N", "US 9"),
    ])
    func whatIsSaidAndNotInTheTableIsAContradiction(_ asked: String, _ row: String) throws {
        #expect(try #require(StreetName(asked)).fit(#require(StreetName(row))) == nil)
    }

    @Test(arguments: [
        ("Broadway Ct", "Broadway"), ("Broadway St", "Broadway"), ("Bagby St", "Bagby"), ("The Alameda Ln", "Alameda"),
        ("Oak Ter", "Oak Tr"), ("Oak Tr", "Oak Ter"), ("Elm Ct", "Elm Cr"), ("Elm Cr", "Elm Ct"),
        ("County Rd 7", "Road 7"), ("Township Rd 281", "Road 281"),
        ("Private Rd 7", "Rd 7"), ("Bagby St", "N Bagby"), ("S St", "South St"), ("South St", "S St"),
        ("NE Ave", "Northeast Ave"), ("East Ave", "E Ave"), ("W Rd", "West Rd"),
    ])
    func whereTwoStreetsArePossibleItIsNotSure(_ asked: String, _ row: String) throws {
        #expect(try #require(StreetName(asked)).fit(#require(StreetName(row))) == .unsure)
    }

    @Test(arguments: [
        ("Kentucky State Route 144", "KY"), ("KY State Hwy 144", "KY"), ("KY SR 144", "KY"), ("WIS 144", "WI"),
        ("Texas State Highway 144", "TX"), ("North Carolina State Rd 144", "NC"), ("Tenn. 144", "TN"),
        ("Mich-144", "MI"),
    ])
    func aStateMayBeNamedBeforeItsRoad(_ text: String, _ state: String) throws {
        let road = try #require(StreetName("State Hwy 144"))
        #expect(StreetName(text, state: state) == road)
        // In Ohio it is none of Ohio's.
        #expect(try #require(StreetName(text, state: "OH")).fit(road) == nil)
    }

    @Test func anotherStatesRoadIsNotOurs() throws {
        #expect(StreetName("TN 2", state: "TN") == StreetName("State Hwy 2"))
        #expect(StreetName("Tennessee Hwy 2", state: "TN") == StreetName("State Hwy 2"))
        for text in ["TN 2", "TN-2", "TN Hwy 2", "Tennessee 2", "Tennessee Route 2", "New Mexico Hwy 2"] {
            let name = try #require(StreetName(text, state: "KY"))
            #expect(try name.fit(#require(StreetName("Highway 2"))) == nil, "\(text)")
            #expect(try name.fit(#require(StreetName("State Highway 2"))) == nil, "\(text)")
            #expect(StreetName(text, state: "KY") == name)
        }
        #expect(StreetName("CO 12", state: "NY") == StreetName("County Rd 12"))
        #expect(StreetName("CO 12", state: "CO") == StreetName("State Hwy 12"))
    }

    @Test(arguments: ["", " ", "...", "#", "★"])
    func whatHasNoNameIsNone(_ text: String) { #expect(StreetName(text) == nil) }

    @Test(arguments: [
        ("loop 410", "LOOP 410"), ("nine mile road", "9 MILE RD"), ("north main street", "N MAIN ST"),
        ("us-6 w", "US HWY 6 W"), ("route 9", "HWY 9"), ("cr 12", "COUNTY RD 12"),
        ("east 400 south", "E 400 S"),
    ])
    func itIsWrittenAsOnAnEnvelope(_ text: String, _ written: String) { #expect(StreetName(text)?.text == written) }

    @Test func everySuffixOfTheAppendixIsItsOwnStandard() {
        for word in [
            "AVE", "BLVD", "CIR", "CT", "DR", "HWY", "LN", "PKWY", "PL", "RD", "SQ", "ST", "TER", "TRL", "WAY",
        ] {
            #expect(StreetSuffix.standard(word) == word)
        }
        #expect(StreetSuffix.standard("MAIN") == nil)
    }
}
