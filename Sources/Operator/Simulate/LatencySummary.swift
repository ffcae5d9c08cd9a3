/// Latencies in milliseconds.
struct LatencySummary: Sendable, Equatable, Codable {
    var p50: Double
    var p99: Double
    var max: Double
}
