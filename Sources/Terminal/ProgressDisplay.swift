import Foundation

/// Shows the progress on standard error: a bar that moves on a terminal, else a line every few seconds.
package struct ProgressDisplay: Sendable {
    private let isTerminal: Bool
    private let interval: Duration
    private let write: @Sendable (String) -> Void

    package init(isTerminal: Bool, interval: Duration, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.interval = interval
        self.write = write
    }

    package static func onStandardError() -> ProgressDisplay {
        let isTerminal = isatty(STDERR_FILENO) == 1
        return ProgressDisplay(isTerminal: isTerminal, interval: isTerminal ? .milliseconds(200) : .seconds(5)) {
            FileHandle.standardError.write(Data($0.utf8))
        }
    }

    /// Shows it until cancelled, and then how it ended.
    package func run(_ progress: @Sendable () -> some ShownProgress) async {
        if isTerminal { write(terminalLine(progress())) }
        while (try? await Task.sleep(for: interval)) != nil {
            write(isTerminal ? terminalLine(progress()) : progress().line + "\n")
        }
        write(isTerminal ? terminalLine(progress()) + "\n" : progress().line + "\n")
    }

    /// Back to the line's start, and erase what a longer line left.
    private func terminalLine(_ progress: some ShownProgress) -> String { "\r\(progress.bar)\u{1B}[K" }
}

/// How far something is, as `ProgressDisplay` shows it.
package protocol ShownProgress: Sendable {
    /// One line with a drawing, for a terminal.
    var bar: String { get }
    /// The same without the drawing.
    var line: String { get }
}
