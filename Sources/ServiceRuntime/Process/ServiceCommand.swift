/// What a service's executable is asked to do: its only argument, or none.
enum ServiceCommand: String, CaseIterable {
    /// To be the service.
    case run = ""
    /// To ask the process that runs with the same configuration whether it is ready.
    case health
    /// To say what is wrong with the configuration, without being the service.
    case check
    /// To print the environment variables that it reads.
    case keys
    case version = "--version"
    case help = "--help"

    /// Exit status for arguments that are none (`EX_USAGE` of sysexits.h).
    static let badUsage: Int32 = 64

    /// - Parameter arguments: without the executable's name.
    /// - Returns: `nil` for anything else.
    init?(_ arguments: some Collection<String>) {
        guard arguments.count <= 1, arguments.first != "" else { return nil }
        self.init(rawValue: arguments.first ?? "")
    }

    /// - Parameter others: what the executable does besides.
    static func usage(_ executable: String, _ others: [MaintenanceCommand] = []) -> String {
        let words = allCases.map(\.rawValue).filter { !$0.isEmpty }
        let lines = ["[\(words.joined(separator: " | "))]"] + others.map { "\($0.name) \($0.arguments)" }
        return "usage: " + lines.map { "\(executable) \($0)" }.joined(separator: "\n       ")
    }

    /// What `--help` prints.
    static func help(_ executable: String, _ others: [MaintenanceCommand]) -> String {
        let main = """
            Without an argument the service runs; health asks the one that does; check says what is wrong with the
            configuration; keys lists variables, whether they are required, keys, defaults, values and meanings.
            """
        return ([usage(executable, others), main] + others.map { "\($0.name): \($0.meaning)" }).joined(
            separator: "\n")
    }
}
