import ArgumentParser

/// `intake dead`: what stages gave up.
struct Dead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See what died, and bring it back or throw it away.",
        discussion: """
            A message that a stage cannot handle waits in the stage's dead queue until somebody decides. list and show read \
            what IngestService has recorded and touch no queue; replay and discard take the messages out of the queue, one \
            after the other, and can be interrupted at any moment.
            """,
        subcommands: [DeadList.self, DeadShow.self, DeadReplay.self, DeadDiscard.self])
}
