import Contracts

/// Why work on dead queues could not be done: a code that a program can tell apart, and a line for people. Holds no
/// secret, and nothing that would steer a terminal, whatever it quotes.
package struct DeadLetterTrouble: Error, Equatable, CustomStringConvertible {
    /// Open: new ones may be added.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The broker cannot be reached, or lets nobody in.
        package static let unreachable = Code(rawValue: "unreachable")
        /// It has no such queue, or none that a message could go to.
        package static let noQueue = Code(rawValue: "no-queue")
        /// It takes no messages, or has not confirmed one in time.
        package static let unconfirmed = Code(rawValue: "unconfirmed")
        /// It refuses what is asked of it.
        package static let refused = Code(rawValue: "refused")
        /// A letter that was given back has died again.
        package static let diedAgain = Code(rawValue: "died-again")
        /// Letters that were given back have not moved in time.
        package static let stuck = Code(rawValue: "stuck")
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = PrintableText.lines(of: description).joined(separator: "\n")
    }
}
