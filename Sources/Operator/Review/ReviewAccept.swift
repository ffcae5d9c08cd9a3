import ArgumentParser

/// `intake review accept`
struct ReviewAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Decide that the organisation takes these requests; their partners are told.")

    @OptionGroup var choice: ReviewChoice

    func run() async throws { try await choice.decide(.accept) }
}
