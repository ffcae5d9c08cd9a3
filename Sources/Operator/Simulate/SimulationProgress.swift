/// How far a simulation is.
struct SimulationProgress: ShownProgress, Equatable {
    var requests: Int
    var sent = 0
    var accepted = 0
    var told = 0

    var bar: String { ProgressBar.bar(self) }
    var line: String { ProgressBar.line(self) }
}
