/// A point of the map: WGS 84 degrees, taken as a plane. A line between two of them is straight in these degrees, as
/// GeoJSON has it (RFC 7946, section 3.1.1).
struct Position: Sendable, Hashable {
    /// Longitude; beyond ±180 in what crosses the antimeridian.
    var x: Double
    /// Latitude.
    var y: Double
}
