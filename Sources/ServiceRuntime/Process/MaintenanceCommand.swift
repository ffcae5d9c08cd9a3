import Foundation

/// What a service's executable does in place of being the service when its first argument is this name:
/// `ingest-service backup-store FILE`. It reads the service's configuration, and the rest is its own.
package struct MaintenanceCommand: Sendable {
    /// What was wrong, in one line.
    package struct Failure: Error, Equatable {
        package var text: String
        package init(text: String) { self.text = text }
    }

    let name: String
    /// What stands behind the name, e.g. `FILE [--json]`.
    let arguments: String
    /// A sentence for `--help`.
    let meaning: String
    /// Reads what it needs.
    /// - Returns: the work, which may block, and which throws `Failure`; `nil` when the words are not its arguments.
    let prepare: @Sendable (_ words: [String], inout Settings) -> (@Sendable () throws -> Void)?

    package init(
        _ name: String, arguments: String, meaning: String,
        prepare: @escaping @Sendable (_ words: [String], inout Settings) -> (@Sendable () throws -> Void)?
    ) {
        (self.name, self.arguments, self.meaning, self.prepare) = (name, arguments, meaning, prepare)
    }

    /// - Returns: the exit status: 0, 1 when it failed, 64 for wrong arguments, 78 for a wrong configuration; but for 0
    ///   with a line for each mistake on standard error.
    package func run(_ executable: String, _ words: [String]) async -> Int32 {
        func fail(_ problems: [String], _ status: Int32) -> Int32 {
            for problem in problems { ServiceProcess.say("\(executable) \(name): \(problem)") }
            return status
        }
        do {
            var settings = Settings(try ConfigurationSources().reader)
            guard let work = prepare(words, &settings) else {
                return fail(["usage: \(executable) \(name) \(arguments)"], ServiceCommand.badUsage)
            }
            let problems = settings.problems.map(\.description)
            guard problems.isEmpty else { return fail(problems, ServiceProcess.badConfiguration) }
            try await Self.onThread(work)
            return 0
        } catch let error as FileProblems {
            return fail(error.problems, ServiceProcess.badConfiguration)
        } catch {
            return fail([(error as? Failure)?.text ?? "\(error)"], 1)
        }
    }

    /// - Returns: the file of `FILE [--json]`, and whether the report is to be JSON; `nil` when `words` are not that.
    package static func file(_ words: [String]) -> (path: String, isJSON: Bool)? {
        let names = words.filter { $0 != "--json" }
        guard names.count == 1, let path = names.first, !path.isEmpty, !path.hasPrefix("-") else { return nil }
        return (path, names.count < words.count)
    }

    package static func json(_ report: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    private static func onThread(_ work: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
        }
    }
}
