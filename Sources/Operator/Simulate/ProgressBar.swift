/// A simulation's progress as one line of text.
enum ProgressBar {
    private static let width = 30

    /// A bar for a terminal, `[#####----]`: `#` for told, `+` for accepted and not told yet.
    static func bar(_ progress: SimulationProgress) -> String {
        let told = width * progress.told / max(1, progress.requests)
        let accepted = width * max(progress.accepted, progress.told) / max(1, progress.requests)
        let drawing =
            String(repeating: "#", count: told) + String(repeating: "+", count: accepted - told)
            + String(repeating: "-", count: width - accepted)
        return "[\(drawing)] \(line(progress))"
    }

    /// The same without the drawing.
    static func line(_ progress: SimulationProgress) -> String {
        "\(progress.accepted) of \(progress.requests) accepted, \(progress.told) told"
    }
}
