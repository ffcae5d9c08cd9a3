/// A county that ended, or got another code, and what lies there now. People's lists of counties are older than the
/// map.
///
/// From the Census Bureau's "Substantial Changes to Counties and County Equivalent Entities", 1970 to today. Not here:
/// Connecticut's counties, which people and the gazetteer use beside the planning regions of 2022.
package struct FormerCounty: Sendable, Equatable {
    /// Five digits.
    package var fips: String
    package var name: String
    /// USPS code.
    package var state: String
    package var endedIn: Int
    /// FIPS codes of the counties that its area went to.
    package var successors: [String]

    package static let all: [FormerCounty] = [
        .init("02010", "Aleutian Islands Census Area", "AK", 1987, "02013", "02016"),
        .init("02140", "Kobuk Census Area", "AK", 1986, "02188"),
        .init("02201", "Prince of Wales-Outer Ketchikan Census Area", "AK", 2008, "02130", "02198"),
        .init("02231", "Skagway-Yakutat-Angoon Census Area", "AK", 1992, "02105", "02230", "02282"),
        .init("02232", "Skagway-Hoonah-Angoon Census Area", "AK", 2007, "02105", "02230"),
        .init("02261", "Valdez-Cordova Census Area", "AK", 2019, "02063", "02066"),
        .init("02270", "Wade Hampton Census Area", "AK", 2015, "02158"),
        .init("02280", "Wrangell-Petersburg Census Area", "AK", 2008, "02195", "02198", "02275"),
        .init("12025", "Dade County", "FL", 1997, "12086"),
        .init("29193", "Ste. Genevieve County", "MO", 1979, "29186"),
        .init("30113", "Yellowstone National Park", "MT", 1997, "30031", "30067"),
        .init("46001", "Armstrong County", "SD", 1952, "46041"),
        .init("46113", "Shannon County", "SD", 2015, "46102"),
        .init("46131", "Washabaugh County", "SD", 1983, "46071"),
        .init("51123", "Nansemond County", "VA", 1972, "51800"),
        .init("51129", "Norfolk County", "VA", 1963, "51550"),
        .init("51151", "Princess Anne County", "VA", 1963, "51810"),
        .init("51189", "Warwick County", "VA", 1952, "51700"),
        .init("51515", "Bedford city", "VA", 2013, "51019"),
        .init("51560", "Clifton Forge city", "VA", 2001, "51005"),
        .init("51695", "Nansemond city", "VA", 1974, "51800"),
        .init("51780", "South Boston city", "VA", 1995, "51083"),
    ]

    /// Other names of counties that are there under the same code, and names that the Bureau wrote otherwise for a
    /// time.
    static let otherNames: [(name: String, fips: String)] = [
        ("Valdez-Cordova", "02261"), ("Petersburg Census Area", "02195"), ("Wrangell Borough", "02275"),
        ("Anchorage Borough", "02020"), ("Juneau Borough", "02110"), ("Sitka Borough", "02220"),
        ("Yakutat Borough", "02282"), ("Skagway Borough", "02230"), ("Dillingham Borough", "02070"),
        ("Hoonah-Angoon", "02105"), ("Kusilvak", "02158"), ("Aleutian Islands", "02010"),
        ("Washington County", "11001"), ("Washington", "11001"), ("City of Baltimore", "24510"),
        ("City of St. Louis", "29510"),
        ("Carson City city", "32510"), ("Ormsby County", "32510"), ("Western District", "60050"),
        ("Eastern District", "60010"), ("Manu'a District", "60020"), ("Rota Municipality", "69100"),
        ("Saipan Municipality", "69110"), ("Tinian Municipality", "69120"), ("Northern Islands Municipality", "69085"),
        ("St. Croix Island", "78010"), ("St. John Island", "78020"), ("St. Thomas Island", "78030"),
    ]

    /// New York's boroughs that are called otherwise than their counties, as `CountyName` makes them comparable.
    static let boroughs = ["brooklyn": "36047", "manhattan": "36061", "statenisland": "36085", "thebronx": "36005"]

    private init(_ fips: String, _ name: String, _ state: String, _ endedIn: Int, _ successors: String...) {
        self.fips = fips
        self.name = name
        self.state = state
        self.endedIn = endedIn
        self.successors = successors
    }
}
