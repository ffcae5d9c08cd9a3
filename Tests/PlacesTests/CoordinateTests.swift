import Testing

@testable import Places

@Suite struct CoordinateTests {
    /// Great-circle distances from the formula on a sphere of 6371.0088 km.
    @Test func distanceIsGreatCircle() {
        let boston = Coordinate(latitude: 42.3601, longitude: -71.0589)
        let houston = Coordinate(latitude: 29.7604, longitude: -95.3698)
        #expect(abs(boston.kilometres(to: houston) - 2582) < 5)
        #expect(boston.kilometres(to: boston) == 0)
        let (east, west) = (Coordinate(latitude: 0, longitude: 179.5), Coordinate(latitude: 0, longitude: -179.5))
        #expect(abs(east.kilometres(to: west) - 111.2) < 0.1)
        let (north, south) = (Coordinate(latitude: 90, longitude: 0), Coordinate(latitude: -90, longitude: 0))
        #expect(abs(north.kilometres(to: south) - 20_015.1) < 0.1)
    }

    @Test func meanHoldsAcrossTheAntimeridian() throws {
        let points = [Coordinate(latitude: 52, longitude: 179), Coordinate(latitude: 52, longitude: -177)]
        let mean = try #require(Coordinate.mean(of: points))
        #expect(abs(mean.longitude + 179) < 0.001)
        #expect(abs(mean.latitude - 52) < 0.1)
    }

    @Test func meanOfNothingIsNothing() {
        #expect(Coordinate.mean(of: []) == nil)
        let opposite = [Coordinate(latitude: 0, longitude: 0), Coordinate(latitude: 0, longitude: 180)]
        #expect(Coordinate.mean(of: opposite) == nil)
    }
}
