import Testing

@testable import Places

@Suite struct PlaceNameTests {
    @Test(arguments: [
        ["St. Paul", "Saint Paul", "SAINT-PAUL", "st paul", "City of St. Paul", "  St.  Paul "],
        ["Fort Worth", "Ft. Worth", "FT WORTH", "City of Fort Worth"],
        ["Mount Vernon", "Mt Vernon", "Mt. Vernon", "MOUNT VERNON"],
        ["O'Fallon", "OFallon", "O’Fallon", "o'fallon"],
        ["Coeur d'Alene", "Coeur D Alene", "coeur d’alene"],
        ["Mayagüez", "Mayaguez", "MAYAGU\u{308}EZ"],
        ["Cañon City", "Canon City", "CAN\u{303}ON CITY"],
        ["De Kalb", "DeKalb", "Dekalb"],
        ["North Little Rock", "N. Little Rock", "No. Little Rock", "N Little Rock"],
        ["Shaker Heights", "Shaker Hts", "SHAKER HTS."],
        ["Winston-Salem", "Winston Salem", "winston–salem"],
        ["ʻAiea", "Aiea", "'Aiea"],
    ])
    func spellingsOfOnePlaceHaveOneKey(spellings: [String]) {
        #expect(Set(spellings.map { PlaceName.key($0) }).count == 1)
    }

    @Test(arguments: [
        ("Springfield", "West Springfield"), ("Kansas City", "Kansas"), ("North", "N"), ("Union", "Union City"),
        ("City of Industry", "City"),
    ])
    func differentPlacesStayApart(one: String, other: String) {
        #expect(PlaceName.key(one) != PlaceName.key(other))
    }

    @Test(arguments: ["", "   ", ".", "-–—", "東京", "\u{0}\u{1}", "🏠"])
    func nothingIsLeftOfWhatIsNoName(name: String) {
        #expect(PlaceName.key(name).isEmpty)
    }

    @Test func theStateBehindTheNameIsDropped() {
        #expect(PlaceName.key("Houston, TX", droppingLast: "tx") == Array("houston".utf8))
        #expect(PlaceName.key("Washington, D.C.", droppingLast: "dc") == Array("washington".utf8))
        #expect(PlaceName.key("TX", droppingLast: "tx") == Array("tx".utf8))
    }
}
