import ArgumentParser
import Foundation
import Terminal

/// `intake store`
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look after what is on disk.",
        subcommands: [StoreBackupCommand.self, StoreCopyCommand.self])
}

/// `intake store backup`
struct StoreBackupCommand: StoreProgramCommand {
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

    func command(_ environment: [String: String]) -> StoreProgram {
        var environment = environment
        if let store {
            for name in ["INTAKE_STORE_URL", "INTAKE_STORE_URL_FILE", "INTAKE_STORE_PATH"] { environment[name] = nil }
            environment[store.contains("://") ? "INTAKE_STORE_URL" : "INTAKE_STORE_PATH"] = store
        }
        return StoreProgram(
            command: "backup-store", arguments: [StoreProgram.file(file)] + (json ? ["--json"] : []),
            executables: ServiceExecutables(environment), environment: environment)
    }
}

/// `intake store copy`
struct StoreCopyCommand: StoreProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy a SQLite store into PostgreSQL, and compare both.",
        discussion: """
            While no IngestService runs on either: ingest-service copy-store does it, which is looked for beside this \
            command, then on PATH. It may be ended at any moment, and called again goes on where it was. At the end it \
            compares both row by row and prints counts and digests; only then does a service start on the database.
            """)

    @Argument(help: "The SQLite file.", completion: .file())
    var file: String

    @Option(help: "The database, postgresql://…; what is secret is better said by $INTAKE_STORE_URL or _FILE.")
    var to: String?

    @Flag(help: "Print what is the same on both sides as JSON.")
    var json = false

    func command(_ environment: [String: String]) -> StoreProgram {
        var environment = environment
        if let to {
            environment["INTAKE_STORE_URL_FILE"] = nil
            environment["INTAKE_STORE_URL"] = to
        }
        return StoreProgram(
            command: "copy-store", arguments: [StoreProgram.file(file)] + (json ? ["--json"] : []),
            executables: ServiceExecutables(environment), environment: environment)
    }
}

/// A command that the store's own program carries out.
protocol StoreProgramCommand: AsyncParsableCommand {
    func command(_ environment: [String: String]) -> StoreProgram
}

extension StoreProgramCommand {
    func run() async throws {
        let status = try command(ProcessInfo.processInfo.environment).run()
        guard status == 0 else { throw ExitCode(status) }
    }
}

/// The store's own program, which knows what a store is.
struct StoreProgram: Sendable {
    var command: String
    var arguments: [String]
    var executables: ServiceExecutables
    var environment: [String: String]

    /// What begins with a dash is a file all the same.
    static func file(_ path: String) -> String { path.hasPrefix("-") ? "./\(path)" : path }

    /// It writes to this process's own output.
    /// - Returns: its exit status.
    /// - Throws: `CommandError` when it is not there, or cannot be run.
    func run() throws(CommandError) -> Int32 {
        guard let path = executables.path(of: "ingest-service") else {
            throw CommandError("ingest-service is neither beside intake nor on PATH, and it is what knows the store")
        }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [command] + arguments
        process.environment = environment
        do { try process.run() } catch { throw CommandError("\(path) cannot be run: \(error)") }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
