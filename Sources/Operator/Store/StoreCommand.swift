import ArgumentParser
import Foundation
import Terminal

/// `intake store`
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look after what is on disk.", subcommands: [StoreBackupCommand.self])
}

/// `intake store backup`
struct StoreBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the SQLite store while it is in use, and check the copy.",
        discussion: """
            On the host that the store is on, as the user that the service runs as, with the service's environment: \
            ingest-service backup-store does it, which is looked for beside this command, then on PATH. The copy is \
            complete in itself, and for its owner alone; it holds what people have sent. Nothing is overwritten. Of \
            PostgreSQL, pg_dump makes one.
            """)

    @Argument(help: "The file to make.", completion: .file())
    var file: String

    @Option(help: "The store. (default: $INTAKE_STORE_PATH, else intake.sqlite)", completion: .file())
    var store: String?

    @Flag(help: "Print what was made as JSON.")
    var json = false

    func run() async throws {
        let status = try command(ProcessInfo.processInfo.environment).run()
        guard status == 0 else { throw ExitCode(status) }
    }

    func command(_ environment: [String: String]) -> StoreBackupRun {
        var environment = environment
        if let store {
            for name in ["INTAKE_STORE_URL", "INTAKE_STORE_URL_FILE", "INTAKE_STORE_PATH"] { environment[name] = nil }
            environment[store.contains("://") ? "INTAKE_STORE_URL" : "INTAKE_STORE_PATH"] = store
        }
        // What begins with a dash is a file all the same.
        return StoreBackupRun(
            arguments: [file.hasPrefix("-") ? "./\(file)" : file] + (json ? ["--json"] : []),
            executables: ServiceExecutables(environment), environment: environment)
    }
}

/// The store's own program, which knows what a store is.
struct StoreBackupRun: Sendable {
    var arguments: [String]
    var executables: ServiceExecutables
    var environment: [String: String]

    /// It writes to this process's own output.
    /// - Returns: its exit status.
    /// - Throws: `CommandError` when it is not there, or cannot be run.
    func run() throws(CommandError) -> Int32 {
        guard let path = executables.path(of: "ingest-service") else {
            throw CommandError("ingest-service is neither beside intake nor on PATH, and it is what knows the store")
        }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["backup-store"] + arguments
        process.environment = environment
        do { try process.run() } catch { throw CommandError("\(path) cannot be run: \(error)") }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
