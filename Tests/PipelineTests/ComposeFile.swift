import Foundation
import TestSupport
import Yams

/// `deploy/compose.yaml`, as far as it speaks of what the code knows: names of variables, secrets, ports, paths and
/// images.
struct ComposeFile: Decodable {
    var services: [String: Service]
    /// By name; nothing is said of them.
    var volumes: [String: String?]?
    var secrets: [String: Secret]?

    struct Service: Decodable {
        var image: String?
        var build: Build?
        var command: [String]?
        var environment: [String: String]?
        var secrets: [String]?
        var volumes: [String]?
        var ports: [String]?
        var healthcheck: Health?
        /// As Compose refuses it beside limits of `deploy`.
        var processLimit: Int?
        var deploy: Deploy?
        var isReadOnly: Bool?
        var droppedCapabilities: [String]?
        var securityOptions: [String]?

        enum CodingKeys: String, CodingKey {
            case image, build, command, environment, secrets, volumes, ports, healthcheck
            case deploy
            case processLimit = "pids_limit"
            case isReadOnly = "read_only"
            case droppedCapabilities = "cap_drop"
            case securityOptions = "security_opt"
        }
    }

    struct Deploy: Decodable {
        var resources: Resources

        struct Resources: Decodable { var limits: Limits }

        struct Limits: Decodable {
            var memory: String?
            var pids: Int?
        }
    }

    struct Build: Decodable {
        var dockerfile: String
        var target: String
    }

    struct Health: Decodable {
        /// Its words; of a command for the shell the only one.
        var test: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            do {
                test = try container.decode([String].self, forKey: .test)
            } catch DecodingError.typeMismatch {
                test = [try container.decode(String.self, forKey: .test)]
            }
        }

        private enum CodingKeys: String, CodingKey {
            case test
        }
    }

    struct Secret: Decodable {
        var file: String
    }

    /// Reads one of the files, with the values of `.env.example` in place.
    /// - Parameter name: of a file in `deploy/`.
    static func read(_ name: String) throws -> ComposeFile {
        let text = try String(contentsOfFile: Repository.path("deploy/\(name)"), encoding: .utf8)
        let values = try exampleEnvironment()
        let filled = text.replacing(reference) { values[String($0.1)] ?? String($0.2 ?? "") }
        return try YAMLDecoder().decode(ComposeFile.self, from: filled)
    }

    /// The variables of its own that a file refers to.
    static func references(in name: String) throws -> Set<String> {
        let text = try String(contentsOfFile: Repository.path("deploy/\(name)"), encoding: .utf8)
        return Set(text.matches(of: reference).map { String($0.1) })
    }

    /// What `.env.example` sets.
    static func exampleEnvironment() throws -> [String: String] {
        let text = try String(contentsOfFile: Repository.path("deploy/.env.example"), encoding: .utf8)
        let pairs = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// `${NAME}`, `${NAME:-default}`, `${NAME:?what is missing}`.
    private static var reference: Regex<(Substring, Substring, Substring?)> {
        /\$\{([A-Z_]+)(?::[-?]([^}]*))?\}/
    }
}

extension ComposeFile.Service {
    /// The executable in its image; `nil` for an image that is not ours.
    var product: String? {
        let ours = "localhost/intake/"
        guard let image, image.hasPrefix(ours) else { return nil }
        return String(image.dropFirst(ours.count).prefix { $0 != ":" })
    }

    /// Where volumes and directories of the host are, inside.
    var mountPoints: [String] {
        (volumes ?? []).map { String($0.split(separator: ":")[1]) }
    }

    /// Whether a path is on one of them, or is one.
    func mounts(_ path: String) -> Bool {
        mountPoints.contains { path == $0 || path.hasPrefix("\($0)/") }
    }
}
