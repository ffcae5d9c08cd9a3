import CPostgres
import Contracts
import Glibc
import ServiceRuntime

/// Where the database is, and who asks: a URL as libpq reads it (PostgreSQL's documentation, 34.1.1.2).
///
/// It may name several hosts; with `target_session_attrs=read-write` the one that writes is taken. TLS, certificates,
/// a file with the password and time limits are parameters of it, too.
package struct PostgresAddress: Sendable {
    /// Holds a password, perhaps.
    private let url: String
    /// What a log may hold: hosts, ports and the database's name.
    package let shown: String

    /// Why there is none, for whoever wrote the URL: it is none, or libpq is not there, which nobody needs who has no
    /// such store.
    package static var problem: String {
        cpostgres_obstacle().map { OneLine.of(String(cString: $0)) }
            ?? "is not postgresql://user:password@host:port/database?parameters"
    }

    /// - Returns: `nil` when it is no such URL, or when libpq is not there.
    package init?(_ url: String) {
        guard Self.isURL(url), cpostgres_obstacle() == nil, let parsed = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(parsed) }
        var parts: [String: String] = [:]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        // libpq looks at ports when it connects, and takes an unescaped part of a password for one, or for a name.
        let ports = (parts["port"] ?? "").split(separator: ",")
        let hasNumbers = ports.allSatisfy { Int(foreign: String($0), in: 1...65535) != nil }
        let names = [parts["host"], parts["hostaddr"], parts["dbname"]].compactMap(\.self)
        guard hasNumbers, !names.contains(where: { $0.contains("@") }) else { return nil }
        self.url = url
        let hosts = (parts["host"] ?? parts["hostaddr"] ?? "localhost").split(separator: ",").joined(separator: ",")
        let port = parts["port"].map { ":\($0)" } ?? ""
        shown = OneLine.of("postgresql://\(hosts)\(port)/\(parts["dbname"] ?? "")")
    }

    package static func isURL(_ text: String) -> Bool {
        text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
    }

    /// Connects, and waits for that.
    /// - Throws: `PostgresError`.
    func connect() throws -> OpaquePointer {
        // What the URL says counts more than what stands before it.
        let parameters = [
            ("connect_timeout", "5"), ("tcp_user_timeout", "10000"), ("keepalives_idle", "10"),
            ("keepalives_interval", "5"), ("fallback_application_name", "intake"), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let keys = parameters.map { strdup($0.0) } + [nil]
        let values = parameters.map { strdup($0.1) } + [nil]
        defer { for text in keys + values { free(text) } }
        let handle = PQconnectdbParams(keys.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        guard let handle else { throw PostgresError(detail: "out of memory", isLost: true) }
        // It would print them.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        do {
            guard PQstatus(handle) == CONNECTION_OK else { throw PostgresError.lost(handle) }
            guard PQserverVersion(handle) >= 140_000 else {
                throw PostgresError(detail: "the server's version is \(PQserverVersion(handle)); 14 is needed")
            }
            let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? ""
            guard encoding == "UTF8" else {
                throw PostgresError(detail: "the database's encoding is \(OneLine.of(encoding)); UTF8 is needed")
            }
        } catch {
            PQfinish(handle)
            throw error
        }
        return handle
    }
}

/// How long what may take.
package struct PostgresLimits: Sendable {
    /// A statement, and a transaction that does nothing.
    package var statement: Duration
    /// Waiting for what another transaction has locked.
    package var lock: Duration
    /// From a question to its answer. Longer than a statement may take: a server that is there says so itself.
    package var answer: Duration
    /// Looking for a server that writes, before those that wait for it are told that there is none.
    package var patience: Duration
    /// Finding out what became of a commit whose answer was lost.
    package var resolution: Duration

    package init(
        statement: Duration = .seconds(8), lock: Duration = .seconds(5), answer: Duration = .seconds(10),
        patience: Duration = .seconds(5), resolution: Duration = .seconds(25)
    ) {
        self.statement = statement
        self.lock = lock
        self.answer = answer
        self.patience = patience
        self.resolution = resolution
    }

    /// Of connections that only read: some statements count all that there is.
    package static let reading = PostgresLimits(statement: .seconds(30), answer: .seconds(35))
}
