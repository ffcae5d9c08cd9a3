import ArgumentParser

/// `intake callbacks`: how partners are told.
struct Callbacks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try a partner's endpoint, see the attempts to tell one, and tell one again.",
        subcommands: [CallbacksTest.self, CallbacksAttempts.self, CallbacksResend.self])
}
