/// How far something is, as `ProgressDisplay` shows it.
protocol ShownProgress: Sendable {
    /// One line with a drawing, for a terminal.
    var bar: String { get }
    /// The same without the drawing.
    var line: String { get }
}
