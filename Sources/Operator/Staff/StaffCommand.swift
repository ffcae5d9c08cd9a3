import ArgumentParser

/// `intake staff`: who may sign in.
struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff",
        abstract: "Say who may sign in at the desk or the console.",
        discussion: """
            A person signs in with a link that works once, within a day; `link` makes another. The desk is on the \
            public listener, the console on IngestService's admin listener. A token for programs has the person's \
            rights and name.
            """,
        subcommands: [StaffAdd.self, StaffList.self, StaffLink.self, StaffRevoke.self])
}
