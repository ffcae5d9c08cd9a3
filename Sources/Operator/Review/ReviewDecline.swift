import ArgumentParser

/// `intake review decline`
struct ReviewDecline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline",
        abstract: "Decide that the organisation does not take these requests; their partners are told.")

    @OptionGroup var choice: ReviewChoice

    func run() async throws { try await choice.decide(.decline) }
}
