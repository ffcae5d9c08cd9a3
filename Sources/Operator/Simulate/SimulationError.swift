/// Why a simulation could not be run: one line that says what to do about it.
struct SimulationError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
