import ArgumentParser
import Contracts
import Foundation

/// `intake check-config`
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Compare the names in the three files that operators edit.",
        discussion: """
            Every provider must be told somewhere, and work for an organisation that covers something. What a file says beyond its \
            names is checked by the service that reads it, at its start. Exits 0 when the files go together, 1 otherwise.
            """)

    @Option(help: "(default: $INTAKE_PROVIDERS_FILE, else providers.yaml)", completion: .file(extensions: ["yaml"]))
    var providers: String?

    @Option(help: "(default: $INTAKE_COVERAGE_FILE, else coverage.yaml)", completion: .file(extensions: ["yaml"]))
    var coverage: String?

    @Option(help: "(default: $INTAKE_CALLBACKS_FILE, else callbacks.yaml)", completion: .file(extensions: ["yaml"]))
    var callbacks: String?

    func run() async throws {
        let problems = try check(ProcessInfo.processInfo.environment)
        let text = problems.isEmpty ? ["The three files go together."] : problems
        try FileHandle.standardOutput.write(
            contentsOf: Data((text.map(PrintableText.of).joined(separator: "\n") + "\n").utf8))
        guard problems.isEmpty else { throw ExitCode(1) }
    }

    /// - Throws: `OperatorError` when a file cannot be read.
    func check(_ environment: [String: String]) throws(OperatorError) -> [String] {
        func names(_ path: String?, _ variable: String, _ standard: String) throws(OperatorError) -> FileNames {
            // As in the services: empty is absent.
            let fromEnvironment = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
            return try FileNames(path: path ?? fromEnvironment ?? standard)
        }
        return try ConfigurationCheck(
            providers: names(providers, "INTAKE_PROVIDERS_FILE", "providers.yaml"),
            coverage: names(coverage, "INTAKE_COVERAGE_FILE", "coverage.yaml"),
            callbacks: names(callbacks, "INTAKE_CALLBACKS_FILE", "callbacks.yaml")
        ).problems()
    }
}
