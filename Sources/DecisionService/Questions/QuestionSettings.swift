import Places
import ServiceRuntime

/// The listener for questions about coverage.
struct QuestionSettings: Sendable {
    var host: String
    var port: Int
    var token: String?
    var rate: Int
    var connections: Int
    var gazetteer: Gazetteer

    /// - Returns: `nil` without a port, or when something is wrong, which the settings then hold.
    init?(_ settings: inout Settings, gazetteerPath: String?) {
        host = settings.string(
            "coverage.host", default: "127.0.0.1", meaning: "The address where questions are answered.")
        token = settings.secret(
            "coverage.token", meaning: "The bearer token of those who ask; without it anybody may.")
        settings.rejectDemoToken(token, "coverage.token", host: host)
        rate = settings.int(
            "coverage.rate", default: 100, in: 1...100_000,
            meaning: "Questions that are answered in a second, whoever asks.")
        connections = settings.int(
            "coverage.connections", default: 512, in: 16...100_000,
            meaning: "Connections open at once; beyond it those make room that have been idle longest.")
        port = settings.int(
            "coverage.port", default: -1, in: 0...65535,
            meaning: "The port where questions are answered; 0 takes a free one. Without it there is no such listener.")
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
