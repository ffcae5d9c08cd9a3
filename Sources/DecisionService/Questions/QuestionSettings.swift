import Places
import ServiceRuntime

/// The listener for questions about coverage.
///
/// | Key | Variable | Default | Meaning |
/// |---|---|---|---|
/// | `coverage.port` | `INTAKE_COVERAGE_PORT` | none: there is no such listener | where questions are answered; 0 takes
/// a free one |
/// | `coverage.host` | `INTAKE_COVERAGE_HOST` | `127.0.0.1` | its address |
/// | `coverage.token` | `INTAKE_COVERAGE_TOKEN`, or `INTAKE_COVERAGE_TOKEN_FILE` with the file that holds it | none:
/// anybody may ask | asked for as bearer token |
/// | `coverage.rate` | `INTAKE_COVERAGE_RATE` | `100` | questions that are answered in a second, whoever asks |
/// | `coverage.connections` | `INTAKE_COVERAGE_CONNECTIONS` | `512` | open at once; beyond it those make room that have
/// been idle longest |
struct QuestionSettings: Sendable {
    var host: String
    var port: Int
    var token: String?
    var rate: Int
    var connections: Int
    var gazetteer: Gazetteer

    /// - Returns: `nil` without a port, or when something is wrong, which the settings then hold.
    init?(_ settings: inout Settings, gazetteerPath: String?) {
        host = settings.string("coverage.host", default: "127.0.0.1")
        token = settings.secret("coverage.token")
        settings.rejectDemoToken(token, "coverage.token", host: host)
        rate = settings.int("coverage.rate", default: 100, in: 1...100_000)
        connections = settings.int("coverage.connections", default: 512, in: 16...100_000)
        port = settings.int("coverage.port", default: -1, in: 0...65535)
        guard port >= 0 else { return nil }
        let found = settings.opened("gazetteer.file") { () throws(GazetteerFileError) in
            try GazetteerFile.read(gazetteerPath)
        } problem: {
            $0.description
        }
        guard let found else { return nil }
        gazetteer = found
    }
}
