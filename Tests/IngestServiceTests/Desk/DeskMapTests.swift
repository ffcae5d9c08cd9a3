import Contracts
import CoverageMap
import Foundation
import Testing

@testable import IngestService

@Suite("The desk's map", .serialized)
struct DeskMapTests {
    private static func geocoded(
        _ latitude: Double, _ longitude: Double, county: String = "Suffolk County", fips: String = "25025"
    ) -> ProgressUpdate {
        let location = GeocodedLocation(latitude: latitude, longitude: longitude, precision: .zip, source: "gazetteer")
        return .geocoded(
            Recorded(
                Geocoding(state: "MA", zip: "02108", countyFIPS: fips, county: county, location: location),
                at: Fixture.now + 1))
    }

    /// The links of the map's spots.
    private static func spots(_ page: String) -> [(href: String, label: String)] {
        page.matches(of: /<a class="spot [^"]*" href="([^"]*)" aria-label="([^"]*)"/).map {
            (href: String($0.output.1).replacing("&amp;", with: "&"), label: String($0.output.2))
        }
    }

    @Test(arguments: StoreDriver.allCases) func pointsOpenAndClustersLeadNearer(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            let alone = try await desk.request(
                Fixture.submission(name: "Ann <b>Alone"), facts: [Self.geocoded(29.76, -95.37), Fixture.decided()])
            for index in 0..<12 {
                try await desk.request(
                    Fixture.submission(), after: Double(index),
                    facts: [Self.geocoded(42.36 + Double(index) / 50, -71.06), Fixture.decided()])
            }
            try await desk.request(facts: [Fixture.decided(acceptance: false)])
            try await desk.request(facts: [Self.geocoded(0, 0)])
            let page = try await browser.get("/desk/map").text
            #expect(page.contains("13 requests on this part of the map") && page.contains("1 without a place"))
            let spots = Self.spots(page)
            #expect(spots.count == 2 && spots.contains { $0.href == "/desk/requests/\(alone)" })
            #expect(page.contains("Ann &lt;b&gt;Alone, Boston, MA: New") && !page.contains("<b>Alone"))
            // Nearer and nearer, until each is by itself or they lie at one place.
            var path = try #require(spots.first { $0.label.hasPrefix("12 requests") }?.href)
            for _ in 0..<12 where path.hasPrefix("/desk/map") {
                let nearer = Self.spots(try await browser.get(path).text)
                #expect(!nearer.isEmpty, "\(path)")
                path = nearer[0].href
            }
            #expect(path.hasPrefix("/desk/requests/"))
        }
    }

    @Test func whatLiesAtOnePlaceIsListed() async throws {
        try await DeskHarness.with { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            for _ in 0..<3 { try await desk.request(facts: [Self.geocoded(42.36, -71.06)]) }
            let spots = Self.spots(try await browser.get("/desk/map?at=7,10700,2800").text)
            let all = Self.spots(try await browser.get("/desk/map").text)
            #expect(spots.isEmpty, "another place")
            var path = try #require(all.first?.href)
            while path.hasPrefix("/desk/map") {
                path = try #require(Self.spots(try await browser.get(path).text).first?.href)
            }
            #expect(path == "/desk/requests?zip=02108")
            #expect(try await browser.get(path).text.contains("3 on this page"))
        }
    }

    @Test(arguments: StoreDriver.allCases) func theMapShowsTheFilter(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            let facts = [Self.geocoded(42.36, -71.06), Fixture.decided()]
            try await desk.request(Fixture.submission(name: "Nora"), facts: facts)
            let asa = try await desk.request(Fixture.submission(name: "Asa"), facts: facts)
            _ = try await browser.step(asa, "assigned")
            try await desk.request(Fixture.submission(name: "Eve"), provider: Fixture.otherProvider, facts: facts)
            for (query, count) in [
                ("", 2), ("state=new", 1), ("state=assigned", 1), ("q=asa", 1), ("q=nobody", 0), ("holder=me", 0),
                ("place=MA", 2), ("place=TX", 0), ("zip=021", 2), ("state=x&at=x&to=zz", 2),
            ] {
                let page = try await browser.get("/desk/map?\(query)").text
                let words = count == 1 ? "1 request on" : "\(count) requests on"
                #expect(page.contains(words), "\(query)")
                #expect(!page.contains("Eve"))
            }
            let list = try await browser.get("/desk/requests?state=new&q=nora").text
            #expect(list.contains(#"href="/desk/map?q=nora&amp;state=new""#))
            let map = try await browser.get("/desk/map?state=new&q=nora").text
            #expect(map.contains(#"href="/desk/requests?q=nora&amp;state=new""#) && map.contains("state=new&amp;at="))
        }
    }

    @Test func whatIsCoveredIsShaded() async throws {
        let coverage = FakeCoverage()
        try await DeskHarness.with(coverage: coverage) { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            try await desk.request(facts: [Self.geocoded(42.36, -71.06)])
            let page = try await browser.get("/desk/map").text
            #expect(page.contains("<title>Suffolk, MA: covered</title>"))
            #expect(page.contains(#"class="area a2""#) && page.contains("covered in part, 40 %"))
            #expect(page.contains(#"<td data-label="Coverage">Covered</td>"#))
            _ = try await browser.get("/desk/map?to=TX")
            #expect(coverage.now.asked == 1, "an answer is kept")
            let eve = try await desk.signIn(DeskHarness.eve)
            let others = try await eve.get("/desk/map")
            #expect(others.status == 200 && !others.text.contains("class=\"area"), "the coverage does not name them")
        }
        coverage.change { $0.isAway = true }
        try await DeskHarness.with(coverage: coverage) { desk in
            let page = try await desk.signIn(DeskHarness.ada).get("/desk/map")
            #expect(page.status == 200 && page.text.contains("What you cover cannot be shown at the moment"))
        }
    }

    @Test func aWindowStaysOnTheMap() throws {
        #expect(MapWindow("0,0,0") == .whole && MapWindow("0,12000,8600") == .whole)
        for text in [
            "", "1", "11,1,1", "-1,1,1", "1,1,1,1", "1,x,1", "1,99999,1", "1,1,-1", "1,1,1000000000000000000000",
        ] {
            #expect(MapWindow(text) == nil, "\(text)")
        }
        let window = try #require(MapWindow("5,6000,4000"))
        #expect(MapWindow(window.description) == window)
        #expect(window.zoomed(by: 99).zoom == 10 && window.zoomed(by: -99) == .whole)
        var moved = window
        for _ in 0..<200 { moved = moved.moved(0.4, -0.4) }
        #expect(moved.moved(0.4, -0.4) == moved, "its end is the map's")
        let boston = try #require(MapWindow.point(42.36, -71.06))
        #expect(MapWindow.whole.shows(boston) && !moved.shows(boston))
        #expect(MapWindow.fitting(MapBox(boston)).shows(boston) && MapWindow.fitting(MapBox(boston)).zoom == 10)
        #expect(
            MapWindow.point(0, 0) == nil && MapWindow.point(.nan, 2) == nil && MapWindow.point(42, .infinity) == nil)
    }

    /// However much there is, a picture has so many spots at most, and a page so many bytes.
    @Test func aPageIsBounded() async throws {
        let points = (0..<12_000).map { index in
            DeskMapPoint(
                number: Int64(index), id: Fixture.id(), latitude: 25 + Double(index % 240) / 10,
                longitude: -124 + Double(index / 240), state: .new, city: "x", place: "TX", zip: "77002", county: "y",
                countyFIPS: "48201")
        }
        let places = DeskMapPlaces(points)
        for window in [MapWindow.whole, try #require(places.box.map { .fitting($0) })] {
            let clusters = places.clusters(in: window)
            #expect((50...140).contains(clusters.count))
            for (index, one) in clusters.enumerated() {
                let near = clusters.dropFirst(index + 1).contains {
                    hypot($0.middle.x - one.middle.x, $0.middle.y - one.middle.y) < 46
                }
                #expect(!near, "one dot covers another's middle")
            }
            // Some of them lie in the sea, beyond the picture's edge.
            #expect((11_500...12_000).contains(clusters.reduce(0) { $0 + $1.points.count }))
            let all = Dictionary(uniqueKeysWithValues: FakeCoverage.base.stateCodes.map { ($0, 1.0) })
            let layers = FakeCoverage.base.layers(in: window, covered: all)
            #expect(layers.stateBorders.utf8.count < 120_000 && layers.countyBorders.isEmpty)
        }
    }
}
