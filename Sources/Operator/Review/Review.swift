import ArgumentParser

/// `intake review`: what waits for a person to decide.
struct Review: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See which requests wait for a person, and decide.",
        discussion: """
            Where the rules do not say surely enough whether an organisation covers a place, its review: in coverage.yaml \
            asks a person. Its staff decide by PATCH; here an operator does in their place. Nobody before the deadline: \
            then the organisation's fallback is told.
            """,
        subcommands: [ReviewList.self, ReviewAccept.self, ReviewDecline.self])
}
