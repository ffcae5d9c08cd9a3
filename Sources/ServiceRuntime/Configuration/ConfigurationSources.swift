package import Configuration
import Contracts
import Foundation

/// Where a process's keys come from: variables `INTAKE_…` of the environment, over an optional YAML file, which
/// `INTAKE_CONFIG_FILE_PATH` names. The file has the keys as they are written, as a tree or with dots, and may have all
/// of it below `intake`.
package struct ConfigurationSources: Sendable {
    static let fileVariable = "INTAKE_CONFIG_FILE_PATH"

    package let reader: ConfigReader
    /// The file's keys, and where they stand.
    private let file: ConfigurationFile?
    private let environment: [String: String]

    /// - Throws: what is wrong with the file, a line each.
    package init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        read: (_ path: String) -> [UInt8]? = { FileManager.default.contents(atPath: $0).map { [UInt8]($0) } }
    ) throws(FileProblems) {
        self.environment = environment
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider(environmentVariables: environment)]
        if let path = environment[Self.fileVariable], !path.isEmpty {
            do throws(FileProblems) {
                guard let bytes = read(path) else { throw FileProblems(["cannot be read"]) }
                let file = try ConfigurationFile(bytes, path: path)
                providers.append(InMemoryProvider(name: "file", values: file.values))
                self.file = file
            } catch {
                throw FileProblems(error.problems.map { "\(Self.fileVariable) (config.file-path): \(path): \($0)" })
            }
        } else {
            file = nil
        }
        reader = ConfigReader(providers: providers)
    }

    /// What nobody asks for: a slip would silently mean the default.
    struct Unknown: Equatable {
        /// Keys of the file that no service has, and variables that are one slip away from one that is read.
        var problems: [String] = []
        /// Variables that resemble none. They may be somebody else's, and are ignored.
        var strangers: [String] = []
    }

    /// - Parameters:
    ///   - asked: the keys that the service itself asks for.
    ///   - named: variables that configuration files name as holding secrets.
    func unknown(asked: [AskedKey], named: Set<String>) -> Unknown {
        var unknown = Unknown()
        let keys = Set(asked.map(\.name)).union(KnownKeys.ofServices)
        for (key, place) in file?.places.sorted(by: { $0.key < $1.key }) ?? [] where !keys.contains(key) {
            let guess = NearMiss.of(key, in: keys).map { "; is it \($0)?" } ?? ""
            unknown.problems.append("\(place): \(key) is no key\(guess)")
        }
        let variables = Set(keys.map(Settings.variable)).union(KnownKeys.variablesOfTheCommand)
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix("INTAKE_") && !variables.contains(name) && !named.contains(name) {
            guard !Self.isServiceLink(name, value) else { continue }
            if let guess = NearMiss.of(name, in: variables) {
                unknown.problems.append("\(name): is no variable of Intake; is it \(guess)?")
            } else {
                unknown.strangers.append(name)
            }
        }
        return unknown
    }

    /// Kubernetes tells each container of every service beside it, and one may be named `intake-ingest`
    /// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
    private static func isServiceLink(_ name: String, _ value: String) -> Bool {
        name.contains(/_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$/) || name.contains(/_PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?$/)
            || (name.hasSuffix("_PORT") && value.contains("://"))
    }
}

/// The one name that somebody may have meant.
enum NearMiss {
    /// - Returns: the nearest of the names, when it is at most two slips away: one, where it is short. Two letters that
    ///   have changed places are two slips.
    static func of(_ name: String, in names: some Collection<String>) -> String? {
        let bytes = [UInt8](name.utf8.prefix(256))
        let nearest = names.map { (name: $0, distance: EditDistance.between(bytes, [UInt8]($0.utf8))) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let nearest, nearest.distance <= (bytes.count < 6 ? 1 : 2) else { return nil }
        return nearest.name
    }
}
