/// Compares the names of the three files.
struct ConfigurationCheck: Sendable {
    var providers: FileNames
    var coverage: FileNames
    var callbacks: FileNames

    /// What does not go together, a line each, in the files' order; empty when all does.
    /// - Throws: `OperatorError` when a file lacks what it is about.
    func problems() throws(OperatorError) -> [String] {
        let senders = try providers.below("providers")
        let told = try callbacks.below("providers")
        let covered = Set(try coverage.below("organizations").map(\.name))
        let (senderNames, toldNames) = (Set(senders.map(\.name)), Set(told.map(\.name)))
        var problems: [String] = []
        for sender in senders {
            let place = "\(providers.file)\(Self.line(sender)): provider \(sender.name)"
            if !toldNames.contains(sender.name) {
                problems.append("\(place) is not in \(callbacks.file): nobody could tell it")
            }
            guard let organization = sender.organization else {
                problems.append("\(place) names no organization")
                continue
            }
            if !covered.contains(organization) {
                problems.append("\(place) works for \(organization), which is not in \(coverage.file)")
            }
        }
        for organization in providers.anyBelow("organizations") where !covered.contains(organization.name) {
            problems.append(
                "\(providers.file)\(Self.line(organization)): organization \(organization.name) is not in \(coverage.file)"
            )
        }
        for entry in told where !senderNames.contains(entry.name) {
            problems.append(
                "\(callbacks.file)\(Self.line(entry)): provider \(entry.name) is not in \(providers.file): it can send nothing"
            )
        }
        return problems
    }

    private static func line(_ entry: FileNames.Entry) -> String { entry.line.map { ", line \($0)" } ?? "" }
}
