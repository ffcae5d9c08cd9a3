/// How far a simulation is.
struct SimulationProgress: Sendable, Equatable {
    var requests: Int
    var sent = 0
    var accepted = 0
    var told = 0
}
