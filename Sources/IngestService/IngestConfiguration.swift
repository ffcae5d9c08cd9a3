import HTTPListener
import NIOCore
import NIOSSL
import ServiceRuntime

/// What an operator can set.
///
/// | Key | Default | Meaning |
/// |---|---|---|
/// | `http.host` | `127.0.0.1` | the address that the API listens on |
/// | `http.port` | `8080` | its port; 0 takes a free one, which is then logged |
/// | `http.body.limit` | `65536` | bytes that a request's body may have |
/// | `http.header.limit` | `16384` | bytes that a request's line and headers may have |
/// | `http.header.timeout` | `10s` | from a request's first byte to the end of its headers |
/// | `http.body.timeout` | `10s` | for a body, beside the time that it takes at the lowest rate |
/// | `http.body.rate` | `1024` | the lowest rate of a body, bytes per second |
/// | `http.idle.timeout` | `60s` | from an answer to the next request |
/// | `http.write.timeout` | `10s` | within which a client must take something of an answer that waits for it |
/// | `http.write.rate` | `1024` | the lowest rate at which answers must be taken, bytes per second |
/// | `http.connections` | `4096` | open at once; beyond it those make room that have been idle longest |
/// | `store.path` | `intake.sqlite` | the SQLite file; made when it is not there |
/// | `store.url`, or `store.url-file` with the file that holds it | | a PostgreSQL database,
/// `postgresql://user:password@host:port/database?…` as libpq reads it; taken in place of the file |
/// | `store.batch` | `512` | writes that one commit holds at most |
/// | `providers.file` | `providers.yaml` | who may send requests; read again when it changes |
/// | `retry.after` | `2s` | what clients are told to wait before they ask or send again, whole seconds, until partners
/// were told |
/// | `jobs.waiters` | `1000` | requests for jobs that are held open at once (`Prefer: wait`) |
/// | `jobs.waiters.per-caller` | a quarter of `jobs.waiters` | how many of these one partner, or the staff of one
/// organisation, may hold |
/// | `retention.personal-data` | `8760h` | from acceptance until the personal data of a settled request is erased |
/// | `retention.jobs` | `720h` | from a job's end until it is forgotten |
/// | `outbox.age.limit` | `60s` | readiness reports the outbox while an event has waited longer to be published |
/// | `progress.concurrency` | `512` | facts that are recorded at once |
/// | `progress.stuck-after` | `15m` | a request under way counts as stuck when nothing has happened to it for so long |
///
/// TLS is described with `ServerTLS`.
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
    /// Seconds.
    var retryAfter: Int
    var waiterLimit: Int
    var waiterLimitPerCaller: Int
    var retention: RetentionTimes
    var outboxAgeLimit: Duration
    var progressConcurrency: Int
    var stuckAfter: Duration

    init(_ settings: inout Settings) {
        host = settings.string("http.host", default: "127.0.0.1")
        port = settings.int("http.port", default: 8080, in: 0...65535)
        bodyLimit = settings.int("http.body.limit", default: 65536, in: 1024...1_048_576)
        connections = ConnectionLimits(&settings)
        connections.bodyBytes = bodyLimit
        tls = ServerTLS.read(&settings)
        storePath = settings.string("store.path", default: "intake.sqlite")
        if let url = settings.secret("store.url") {
            storeAddress = PostgresAddress(url)
            if storeAddress == nil {
                settings.reject("store.url", "is not postgresql://user:password@host:port/database?parameters")
            }
        }
        storeBatch = settings.int("store.batch", default: 512, in: 1...10_000)
        let isExposed = settings.isExposed(host)
        providers = settings.file("providers.file", default: "providers.yaml") { bytes throws(FileProblems) in
            let directory = try ProviderDirectory.parse(bytes)
            if isExposed, directory.knows(anyOf: DemoTokens.all) {
                throw FileProblems([
                    "holds a token of the demo, which everybody knows: make your own with intake token new"
                ])
            }
            return directory
        }
        let retryAfter = settings.duration("retry.after", default: .seconds(2), in: .seconds(1)...(.seconds(3600)))
        self.retryAfter = Int(retryAfter.components.seconds)
        waiterLimit = settings.int("jobs.waiters", default: 1000, in: 0...100_000)
        waiterLimitPerCaller = settings.int(
            "jobs.waiters.per-caller", default: (waiterLimit + 3) / 4, in: 0...100_000)
        let day = Duration.seconds(86400)
        retention = RetentionTimes(
            personalData: settings.duration(
                "retention.personal-data", default: day * 365, in: .seconds(1)...(day * 36500)),
            jobs: settings.duration("retention.jobs", default: day * 30, in: .seconds(1)...(day * 36500)))
        outboxAgeLimit = settings.duration(
            "outbox.age.limit", default: .seconds(60), in: .seconds(1)...(.seconds(86400)))
        progressConcurrency = settings.int("progress.concurrency", default: 512, in: 1...10_000)
        stuckAfter = settings.duration(
            "progress.stuck-after", default: .seconds(900), in: .seconds(1)...(.seconds(7 * 86400)))
        if host.isEmpty { settings.reject("http.host", "must not be empty") }
        if storePath.isEmpty { settings.reject("store.path", "must not be empty") }
    }
}

extension ConnectionLimits {
    fileprivate init(_ settings: inout Settings) {
        self.init()
        connections = settings.int("http.connections", default: connections, in: 16...1_000_000)
        headBytes = settings.int("http.header.limit", default: headBytes, in: 1024...81_920)
        bodyRate = settings.int("http.body.rate", default: bodyRate, in: 1...1_000_000)
        func time(_ key: String, _ fallback: TimeAmount, upTo seconds: Int64) -> TimeAmount {
            let time = settings.duration(
                key, default: Duration(fallback), in: .milliseconds(100)...(.seconds(seconds)))
            return TimeAmount(time)
        }
        headTime = time("http.header.timeout", headTime, upTo: 600)
        bodyTime = time("http.body.timeout", bodyTime, upTo: 600)
        idleTime = time("http.idle.timeout", idleTime, upTo: 3600)
        writeTime = time("http.write.timeout", writeTime, upTo: 600)
        writeRate = settings.int("http.write.rate", default: writeRate, in: 1...1_000_000)
    }
}
