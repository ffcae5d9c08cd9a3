import Contracts

/// Why a command could not do what it was asked: one line that says what to do about it, or a few. Holds no secret, and
/// nothing that would steer a terminal, whatever it quotes.
package struct CommandError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = PrintableText.lines(of: description).joined(separator: "\n")
    }
}
