import Foundation
import Glibc

/// A private PostgreSQL server, run by `deploy/postgres`, on a socket in a directory of its own.
package actor PostgresServer {
    /// Whether there is one to run. Where it is not, what needs it is left out, and says so.
    package static let isInstalled: Bool = {
        let roots = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let isThere = roots.contains {
            FileManager.default.isExecutableFile(atPath: "/usr/lib/postgresql/\($0)/bin/initdb")
        }
        if !isThere { print("PostgreSQL is not installed: what needs it is not tested.") }
        return isThere
    }()

    private let directory: String
    private let settings: [String]
    /// Of a server that speaks TLS over TCP.
    private let port: Int?
    private var process: ChildProcess

    /// The server of all suites that don't break it.
    package static func shared() async throws -> PostgresServer { try await sharedStart.value }

    /// Unstructured, because no test owns it: whoever comes first starts it, and all wait for the same. What is in it
    /// need not survive the machine.
    private static let sharedStart = Task { try await PostgresServer.start(["fsync=off", "shared_buffers=64MB"]) }

    /// Starts a server and waits until it takes connections.
    /// - Parameter settings: `name=value`.
    package static func start(_ settings: [String] = []) async throws -> PostgresServer {
        let server = try PostgresServer(settings)
        try await server.awaitReady()
        return server
    }

    /// Starts a server that speaks TLS over TCP as well, under a certificate for the host `db.test` by an authority of
    /// its own.
    package static func startWithTLS() async throws -> PostgresServer {
        let directory = try TestDirectory.makeReachable("postgres")
        try await makeCertificates(directory)
        let files = [
            "ssl=on", "ssl_cert_file=\(directory)/tls/server.pem", "ssl_key_file=\(directory)/tls/server-key.pem",
        ]
        let server = try PostgresServer(files, directory, port: try FreePorts.take(1)[0])
        try await server.awaitReady()
        return server
    }

    private init(_ settings: [String], _ directory: String? = nil, port: Int? = nil) throws {
        self.settings = settings
        self.port = port
        self.directory = try directory ?? TestDirectory.makeReachable("postgres")
        process = try Self.launch(self.directory, settings, port)
    }

    /// Gives it an authority and a certificate, new ones each time: its clients don't know them yet. They count from
    /// the next start on.
    package func renewCertificates() async throws { try await Self.makeCertificates(directory) }

    private static func makeCertificates(_ directory: String) async throws {
        let command = try ChildProcess(
            name: "certificates",
            command: [Repository.path("deploy/certificates"), "\(directory)/tls", "--name", "db.test"],
            logPath: "\(directory)/certificates.log")
        guard try await command.end(within: .seconds(30)) == .exited(0) else {
            throw ControlFailure(command: "certificates", output: command.logTail())
        }
        // Nobody else's key is taken by a server that runs as another user.
        guard geteuid() == 0, let owner = getpwnam("postgres")?.pointee.pw_uid else { return }
        for name in ["", "/server.pem", "/server-key.pem"] { chown("\(directory)/tls\(name)", owner, gid_t.max) }
    }

    /// A copy of the authority that its certificate is by at this moment, for `sslrootcert`.
    package nonisolated func authority() throws -> String {
        let path = "\(try TestDirectory.make("authority"))/ca.pem"
        try FileManager.default.copyItem(atPath: "\(directory)/tls/ca.pem", toPath: path)
        return path
    }

    /// A database of it over TCP, under a name of the server's, with TLS that is verified.
    package nonisolated func tlsURL(_ database: String, host: String = "db.test", authority: String) -> String {
        "postgresql://postgres@\(host):\(port ?? 0)/\(database)?hostaddr=127.0.0.1&connect_timeout=5"
            + "&sslmode=verify-full&sslrootcert=\(authority)"
    }

    /// A database of it.
    package nonisolated func url(_ database: String, user: String = "postgres", more: String = "") -> String {
        "postgresql://\(user)@/\(database)?host=\(directory)/server\(more)"
    }

    /// At once, as `pg_ctl stop -m immediate` does; the next start recovers.
    package func crash() async throws {
        process.signal(SIGQUIT)
        try await process.end(within: .seconds(20))
    }

    /// Like a machine that hangs: nobody is answered, and nobody is told.
    package nonisolated func freeze(_ isFrozen: Bool) async {
        let signal = isFrozen ? SIGSTOP : SIGCONT
        for process in await family() { kill(process, signal) }
    }

    private func family() -> [Int32] {
        let children = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return [process.processID]
            + children.filter { child in
                guard let text = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
                    let end = text.lastIndex(of: ")")
                else { return false }
                return text[end...].split(separator: " ").dropFirst(2).first == "\(process.processID)"
            }
    }

    package func restart() async throws {
        process = try Self.launch(directory, settings, port)
        try await awaitReady()
    }

    package var childProcess: ChildProcess { process }

    /// Puts a line before all others of `pg_hba.conf`: who may connect and how.
    package func admit(_ line: String) throws {
        let path = "\(directory)/server/data/pg_hba.conf"
        let rest = try String(contentsOfFile: path, encoding: .utf8)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data("\(line)\n\(rest)".utf8))
        try file.close()
        process.signal(SIGHUP)
    }

    private func awaitReady() async throws {
        let (directory, port) = (directory, port)
        try await eventually("PostgreSQL takes connections", within: .seconds(60), processes: [process]) {
            try await Self.control(directory, port, "SELECT 1")
            return true
        }
    }

    /// Runs SQL as the superuser.
    package nonisolated func run(_ sql: String, in database: String = "postgres") async throws {
        try await Self.control(directory, port, sql, in: database)
    }

    /// Over its socket, which has the name of its port.
    private static func control(
        _ directory: String, _ port: Int?, _ sql: String, in database: String = "postgres"
    ) async throws {
        let log = "\(try TestDirectory.make("psql"))/output"
        let command = try ChildProcess(
            name: "psql",
            command: [
                "/usr/bin/psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--host=\(directory)/server",
                "--port=\(port ?? 5432)", "--username=postgres", "--dbname=\(database)", "--command=\(sql)",
            ], logPath: log)
        guard try await command.end(within: .seconds(60)) == .exited(0) else {
            throw ControlFailure(command: "psql", output: command.logTail())
        }
    }

    private static func launch(_ directory: String, _ settings: [String], _ port: Int?) throws -> ChildProcess {
        try ChildProcess(
            name: "postgres",
            command: [Repository.path("deploy/postgres"), "\(directory)/server"] + settings.flatMap { ["--set", $0] }
                + (port.map { ["--port", "\($0)"] } ?? []),
            logPath: "\(directory)/postgres.log")
    }
}
