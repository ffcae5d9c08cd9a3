import Testing

@testable import Places

/// Every county by what people call it, and what is none by what comes nearest.
@Suite struct CountyDirectoryTests {
    private static let shipped = Result { try GazetteerFile.read(nil) }
    private let gazetteer: Gazetteer
    private let directory: CountyDirectory

    init() throws {
        gazetteer = try Self.shipped.get()
        directory = CountyDirectory(gazetteer)
    }

    @Test func everyCountyIsFoundByItsCodeAndByItsName() {
        #expect(gazetteer.counties.count > 3_200)
        for county in gazetteer.counties {
            #expect(directory.find(fips: county.fips) == .found([county], former: nil))
            #expect(directory.find(name: county.name, state: county.state) == .found([county], former: nil))
            #expect(
                directory.find(name: county.name.uppercased(), state: county.state) == .found([county], former: nil))
        }
    }

    /// What became of each is a county of today.
    @Test func everyCountyThatEndedIsFoundAndNamed() throws {
        for county in FormerCounty.all {
            let byCode = directory.find(fips: county.fips)
            #expect(gazetteer.county(fips: county.fips) == nil, "\(county.name)")
            guard case .found(let now, let former) = byCode else { throw Unexpected(finding: byCode) }
            #expect(former == county && now.map(\.fips) == county.successors, "\(county.name)")
            // Norfolk County and Bedford city ended; a county of today may have the name.
            let byName = directory.find(name: county.name, state: county.state)
            guard case .found(let named, _) = byName else { throw Unexpected(finding: byName) }
            #expect(!named.isEmpty)
        }
    }

    private struct Unexpected: Error { var finding: CountyDirectory.Finding }

    @Test(arguments: [
        ("Valdez-Cordova Census Area", "AK", ["02063", "02066"]), ("Valdez-Cordova", "AK", ["02063", "02066"]),
        ("Shannon County", "SD", ["46102"]), ("Wade Hampton Census Area", "AK", ["02158"]),
        ("Bedford city", "VA", ["51019"]), ("Clifton Forge city", "VA", ["51005"]), ("Dade County", "FL", ["12086"]),
        ("Yellowstone National Park", "MT", ["30031", "30067"]), ("South Boston city", "VA", ["51083"]),
        ("Skagway-Hoonah-Angoon Census Area", "AK", ["02105", "02230"]), ("Petersburg Census Area", "AK", ["02195"]),
        ("Fairfield County", "CT", ["09001"]), ("Capitol Planning Region", "CT", ["09110"]),
        ("De Kalb County", "IL", ["17037"]), ("DeKalb County", "GA", ["13089"]), ("La Salle County", "IL", ["17099"]),
        ("Saint Louis City", "MO", ["29510"]), ("St Louis County", "MO", ["29189"]),
        ("Dona Ana County", "NM", ["35013"]),
        ("Prince Georges County", "MD", ["24033"]), ("O’Brien County", "IA", ["19141"]),
        ("Obrien County", "IA", ["19141"]),
        ("King & Queen County", "VA", ["51097"]), ("Mayagüez Municipio", "PR", ["72097"]),
        ("LaPorte County", "IN", ["18091"]), ("Richmond city", "VA", ["51760"]), ("Richmond County", "VA", ["51159"]),
        ("City of Richmond", "VA", ["51760"]), ("City of Baltimore", "MD", ["24510"]),
        ("city of fairfax", "VA", ["51600"]),
        ("City and County of Honolulu", "HI", ["15003"]), ("City and County of San Francisco", "CA", ["06075"]),
        ("City & County of Denver", "CO", ["08031"]), ("County of Harris", "TX", ["48201"]),
        ("Parish of Orleans", "LA", ["22071"]), ("Municipality of Anchorage", "AK", ["02020"]),
        ("City and Borough of Juneau", "AK", ["02110"]), ("City of Bedford", "VA", ["51019"]),
        ("Municipio de Ponce", "PR", ["72113"]),
    ])
    func namesAreFoundAsPeopleWriteThem(name: String, state: String, fips: [String]) {
        guard case .found(let counties, _) = directory.find(name: name, state: state) else {
            Issue.record("\(directory.find(name: name, state: state))")
            return
        }
        #expect(counties.map(\.fips) == fips)
    }

    @Test(arguments: [
        ("Haris County", "TX", "Harris County, TX"), ("Cook Conty", "IL", "Cook County, IL"),
        ("Orleans County", "LA", "Orleans Parish, LA"), ("Los Angelos County", "CA", "Los Angeles County, CA"),
        ("Petersberg city", "VA", "Petersburg city, VA"), ("Harris", "TX", "Harris County, TX"),
        ("Baltimore", "MD", "Baltimore County, MD or Baltimore city, MD"),
        ("Juneau", "AK", "Juneau City and Borough, AK"),
        ("Capitol", "CT", "Capitol Planning Region, CT"), ("Harris County", "OK", "in GA, TX"),
        ("Miami Dade Cnty", "FL", "Miami-Dade County, FL"), ("Brooklyn", "NY", "Kings County, NY"),
        ("Manhattan", "NY", "New York County, NY"), ("Staten Island", "NY", "Richmond County, NY"),
        ("The Bronx", "NY", "Bronx County, NY"), ("Galveston Cty", "TX", "Galveston County, TX"),
        ("Chicago", "IL", "Cook County, IL"), ("Flagstaff", "AZ", "Coconino County, AZ"),
        ("Portland", "ME", "Cumberland County, ME"), ("City of Houston", "TX", "TX"),
    ])
    func whatIsNoCountyIsToldWithTheNearest(name: String, state: String, meant: String) {
        guard case .none(let problem) = directory.find(name: name, state: state) else {
            Issue.record("\(name) is a county")
            return
        }
        #expect(problem.contains(meant), "\(problem)")
    }

    @Test(arguments: [
        ("48999", "48"), ("48202", "48201, Harris County, TX"), ("09111", "Capitol Planning Region"),
        ("51731", "51730"),
        ("1001", "01001 is Autauga County, AL"), ("48000", "4800"),
    ])
    func whatIsNoCodeIsToldWithTheNearest(fips: String, meant: String) {
        guard case .none(let problem) = directory.find(fips: fips) else {
            Issue.record("\(fips) is a county")
            return
        }
        #expect(problem.contains(meant), "\(problem)")
    }

    @Test(arguments: ["", "4820", "482011", "99001", "00001", "03001"])
    func whatIsNearNothingIsRefusedAllTheSame(fips: String) {
        guard case .none(let problem) = directory.find(fips: fips) else {
            Issue.record("\(fips) is a county")
            return
        }
        #expect(problem.contains("is not the five-digit FIPS code of a county"))
    }

    /// A long text must not cost time.
    @Test func aLongNameIsRefused() {
        guard case .none = directory.find(name: String(repeating: "x", count: 100_000), state: "TX") else {
            Issue.record("is a county")
            return
        }
    }
}
