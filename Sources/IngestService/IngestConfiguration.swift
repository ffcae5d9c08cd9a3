import AdminCalls
import Broker
import HTTPListener
import NIOCore
import NIOSSL
import PostgreSQL
import ServiceRuntime

/// What an operator can set. TLS is described with `ServerTLS`.
struct IngestConfiguration: Sendable {
    var host: String
    var port: Int
    var bodyLimit: Int
    var connections = ConnectionLimits()
    /// `nil` for plain HTTP.
    var tls: TLSConfiguration?
    var storePath: String
    /// `nil` for the SQLite file.
    var storeAddress: PostgresAddress?
    var storeBatch: Int
    /// `nil` only when the file has problems, and then the service does not start.
    var providers: ReloadingFile<ProviderDirectory>?
    /// Nobody where there is no file; `nil` only when it has problems, and then the service does not start.
    var signIn: ReloadingFile<SignInFile>?
    /// Seconds.
    var retryAfter: Int
    var waiterLimit: Int
    var waiterLimitPerCaller: Int
    var retention: RetentionTimes
    var outboxAgeLimit: Duration
    var progressConcurrency: Int
    var stuckAfter: Duration
    /// As whom the console works on dead queues; `nil` for the process's own account.
    var consoleAccount: ConnectionConfiguration.Credentials?
    /// Where CallbackService's admin listeners are.
    var callbackAdmin: [String]
    /// Where DecisionService's is.
    var decisionAdmin: String

    init(_ settings: inout Settings) {
        host = settings.string(
            "http.host", default: "127.0.0.1", meaning: "The address that the API listens on.")
        port = settings.int(
            "http.port", default: 8080, in: 0...65535, meaning: "Its port; 0 takes a free one, which is logged.")
        bodyLimit = settings.int(
            "http.body.limit", default: 65536, in: 1024...1_048_576, meaning: "Bytes that a request's body may have.")
        connections = ConnectionLimits(&settings)
        connections.bodyBytes = bodyLimit
        tls = ServerTLS.read(&settings)
        (storePath, storeAddress) = Self.store(&settings)
        storeBatch = settings.int(
            "store.batch", default: 512, in: 1...10_000, meaning: "Writes that one commit holds at most.")
        let isExposed = settings.isExposed(host)
        providers = settings.file(
            "providers.file", default: "providers.yaml", meaning: "Who may send requests; read again when it changes."
        ) { bytes throws(FileProblems) in
            let directory = try ProviderDirectory.parse(bytes)
            if isExposed, directory.knows(anyOf: DemoTokens.all) {
                throw FileProblems([
                    "holds a token of the demo, which everybody knows: make your own with intake token new"
                ])
            }
            return directory
        }
        let meaning = "Who signs people in at desk and console, beside the links; read again when it changes."
        signIn =
            settings.optionalString("sign-in.file", meaning: meaning) == nil
            ? ReloadingFile(fixed: SignInFile())
            : settings.file("sign-in.file", default: "", meaning: meaning) { bytes, files throws(FileProblems) in
                try SignInFile.parse(bytes, files: files)
            }
        let retryAfter = settings.duration(
            "retry.after", default: .seconds(2), in: .seconds(1)...(.seconds(3600)),
            meaning: "What clients are told to wait before they ask or send again, until partners were told.")
        self.retryAfter = Int(retryAfter.components.seconds)
        waiterLimit = settings.int(
            "jobs.waiters", default: 1000, in: 0...100_000,
            meaning: "Requests for jobs that are held open at once (Prefer: wait).")
        waiterLimitPerCaller = settings.int(
            "jobs.waiters.per-caller", default: (waiterLimit + 3) / 4, in: 0...100_000,
            meaning: "How many of these one partner, or the staff of one organisation, may hold; else a quarter.")
        let day = Duration.seconds(86400)
        retention = RetentionTimes(
            personalData: settings.duration(
                "retention.personal-data", default: day * 365, in: .seconds(1)...(day * 36500),
                meaning: "From acceptance until the personal data of a settled request is erased."),
            jobs: settings.duration(
                "retention.jobs", default: day * 30, in: .seconds(1)...(day * 36500),
                meaning: "From a job's end until it is forgotten."),
            audit: settings.duration(
                "retention.audit", default: day * 730, in: .seconds(1)...(day * 36500),
                meaning: "From what a person did until the audit log forgets it."))
        outboxAgeLimit = settings.duration(
            "outbox.age.limit", default: .seconds(60), in: .seconds(1)...(.seconds(86400)),
            meaning: "Readiness reports the outbox while an event has waited longer to be published.")
        progressConcurrency = settings.int(
            "progress.concurrency", default: 512, in: 1...10_000, meaning: "Facts that are recorded at once.")
        stuckAfter = settings.duration(
            "progress.stuck-after", default: .seconds(900), in: .seconds(1)...(.seconds(7 * 86400)),
            meaning: "A request under way counts as stuck when nothing has happened to it for so long.")
        let user = settings.optionalString(
            "console.broker.user",
            meaning: """
                As whom the console replays and discards dead letters, with `console.broker.password`; without it as \
                the service itself, whose own account may not where each has one.
                """)
        let password = settings.secret(
            "console.broker.password", need: user.map { "since console.broker.user is \($0)" },
            meaning: "The password of `console.broker.user`.")
        consoleAccount = user.map { .plain(user: $0, password: password ?? "") }
        let addresses = settings.string(
            "callback.admin.url", default: "http://127.0.0.1:8084",
            meaning: """
                Where CallbackService's admin listeners are, with commas between several processes': asked for tests \
                and pauses of callbacks, with `admin.token`.
                """)
        callbackAdmin = addresses.split(separator: ",").map { String($0.drop { $0 == " " }) }
        if callbackAdmin.isEmpty || !callbackAdmin.allSatisfy(AdminClient.isBase) {
            settings.reject("callback.admin.url", "must look like http://127.0.0.1:8084")
        }
        decisionAdmin = settings.string(
            "decision.admin.url", default: "http://127.0.0.1:8083",
            meaning: "Where DecisionService's admin listener is: asked what the desk's map shades, with `admin.token`.")
        if !AdminClient.isBase(decisionAdmin) {
            settings.reject("decision.admin.url", "must look like http://127.0.0.1:8083")
        }
        if host.isEmpty { settings.reject("http.host", "must not be empty") }
        if storePath.isEmpty { settings.reject("store.path", "must not be empty") }
    }

    /// Where the store is: a file, and in its place a server where there is an address.
    static func store(_ settings: inout Settings) -> (path: String, address: PostgresAddress?) {
        let path = settings.string(
            "store.path", default: "intake.sqlite", meaning: "The SQLite file; made when it is not there.")
        let url = settings.secret(
            "store.url",
            meaning: "A PostgreSQL database in place of the file: postgresql://user:password@host:port/database.")
        let address = url.flatMap(PostgresAddress.init)
        if url != nil, address == nil { settings.reject("store.url", PostgresAddress.problem) }
        return (path, address)
    }
}

extension IngestConfiguration {
    /// - Parameter connection: the process's own.
    func remedies(over connection: ConnectionConfiguration) -> ConnectionConfiguration {
        var connection = connection
        if let consoleAccount { connection.credentials = consoleAccount }
        return connection
    }
}

extension ConnectionLimits {
    fileprivate init(_ settings: inout Settings) {
        self.init()
        connections = settings.int(
            "http.connections", default: connections, in: 16...1_000_000,
            meaning: "Connections open at once; beyond it those make room that have been idle longest.")
        headBytes = settings.int(
            "http.header.limit", default: headBytes, in: 1024...81_920,
            meaning: "Bytes that a request's line and headers may have.")
        bodyRate = settings.int(
            "http.body.rate", default: bodyRate, in: 1...1_000_000, meaning: "The lowest rate of a body, bytes/s.")
        func time(_ key: String, _ fallback: TimeAmount, upTo seconds: Int64, _ meaning: String) -> TimeAmount {
            let time = settings.duration(
                key, default: Duration(fallback), in: .milliseconds(100)...(.seconds(seconds)), meaning: meaning)
            return TimeAmount(time)
        }
        headTime = time(
            "http.header.timeout", headTime, upTo: 600, "From a request's first byte to the end of its headers.")
        bodyTime = time(
            "http.body.timeout", bodyTime, upTo: 600, "For a body, beside the time that it takes at the lowest rate.")
        idleTime = time("http.idle.timeout", idleTime, upTo: 3600, "From an answer to the next request.")
        writeTime = time(
            "http.write.timeout", writeTime, upTo: 600,
            "Within which a client must take something of an answer that waits for it.")
        writeRate = settings.int(
            "http.write.rate", default: writeRate, in: 1...1_000_000,
            meaning: "The lowest rate at which answers must be taken, bytes a second.")
    }
}
