/// What is configured by the services and the command together, so that one environment and one file may serve all of
/// them, and a slip is still found. Tests hold it against what each asks for.
enum KnownKeys {
    /// Keys of all services.
    static let ofServices: Set<String> = [
        "admin.host", "admin.hosts", "admin.port", "admin.token", "admin.token-file", "broker.ca-file",
        "broker.certificate-file", "broker.heartbeat", "broker.key-file", "broker.password", "broker.password-file",
        "broker.url", "callback.admin.url", "callback.concurrency", "callback.schedule", "callback.state.path",
        "callback.state.url", "callback.state.url-file", "callbacks.file",
        "config.file-path", "console.broker.password", "console.broker.password-file", "console.broker.user",
        "coverage.connections", "coverage.file", "coverage.host", "coverage.port", "coverage.rate",
        "coverage.token", "coverage.token-file", "decision.admin.url", "gazetteer.file", "geocoder.cache.path",
        "geocoders.file",
        "http.body.limit", "http.body.rate", "http.body.timeout", "http.connections", "http.header.limit",
        "http.header.timeout", "http.host", "http.idle.timeout", "http.port", "http.tls.certificate", "http.tls.key",
        "http.write.rate", "http.write.timeout", "jobs.waiters", "jobs.waiters.per-caller", "log.format", "log.level",
        "outbox.age.limit", "progress.concurrency", "progress.stuck-after", "providers.file", "published.address",
        "retention.audit", "retention.jobs", "retention.personal-data", "retry.after", "shards", "shutdown.timeout",
        "sign-in.file",
        "store.batch", "store.path", "store.url", "store.url-file",
        "topology.declare", "topology.prefix", "traces.authorization", "traces.authorization-file", "traces.one-in",
        "traces.url",
    ]

    /// Variables that the command `intake` alone reads.
    static let variablesOfTheCommand: Set<String> = [
        "INTAKE_GEOCODE_ADMIN_URL", "INTAKE_INGEST_ADMIN_URL", "INTAKE_TOKEN", "INTAKE_TOKEN_FILE",
    ]
}
