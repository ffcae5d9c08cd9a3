import Testing

@testable import CoverageMap

@Suite struct AlbersTests {
    /// The numerical example of Snyder's manual (page 291), of a sphere with the radius 1.
    @Test func theManualsExampleComesOut() {
        let albers = Albers(parallels: (29.5, 45.5), origin: .init(longitude: -96, latitude: 23))
        let point = albers.project(.init(longitude: -75, latitude: 35))
        #expect(abs(point.x - 0.295_272_0) < 5e-8)
        #expect(abs(point.y - 0.241_677_4) < 5e-8)
    }

    @Test func theOriginIsZeroAndTheAntimeridianNoBorder() {
        let albers = Albers(parallels: (55, 65), origin: .init(longitude: -154, latitude: 61))
        let origin = albers.project(.init(longitude: -154, latitude: 61))
        #expect(abs(origin.x) < 1e-12 && abs(origin.y) < 1e-12)
        let (west, east) = (
            albers.project(.init(longitude: 179.999, latitude: 52)),
            albers.project(.init(longitude: -179.999, latitude: 52))
        )
        #expect(abs(west.x - east.x) < 1e-4 && west.x < east.x)
    }

    /// Rough places on the drawing, that a look at an atlas confirms.
    @Test(arguments: [
        (-122.33, 47.61, MapRegion.contiguous, 130.0...260, 40.0...130),  // Seattle
        (-80.19, 25.76, .contiguous, 940...1060, 690...770),  // Miami
        (-95.37, 29.76, .contiguous, 590...660, 600...680),  // Houston
        (-149.9, 61.22, .alaska, 140...200, 630...680),  // Anchorage
        (-157.86, 21.31, .hawaii, 310...350, 650...700),  // Honolulu
        (-66.11, 18.47, .puertoRico, 1060...1090, 670...700),  // San Juan
    ])
    func citiesLieWhereTheyBelong(
        _ longitude: Double, _ latitude: Double, _ region: MapRegion, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>
    ) {
        let position = CountyShapes.Position(longitude: longitude, latitude: latitude)
        #expect(MapRegion(of: position) == region)
        let point = MapFrame.place(position, in: region)
        #expect(x.contains(point.x) && y.contains(point.y), "\(point)")
    }

    @Test(arguments: [(0.0, 0.0), (2.35, 48.85), (144.8, 13.5), (-170.7, -14.3), (-99.1, 19.4)])
    func whatTheMapDoesNotShowHasNoRegion(_ longitude: Double, _ latitude: Double) {
        #expect(MapRegion(of: .init(longitude: longitude, latitude: latitude)) == nil)
    }
}
