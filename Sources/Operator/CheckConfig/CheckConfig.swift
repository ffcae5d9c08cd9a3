import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake check-config`
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Compare the names in the three files that operators edit.",
        discussion: """
            Every provider must be told somewhere, and work for an organisation that covers something. What a file \
            says beyond its names is checked by the service that reads it, at its start. Exits 0 when the files go \
            together, 1 otherwise.
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

    /// - Throws: `CommandError` when a file cannot be read.
    func check(_ environment: [String: String]) throws(CommandError) -> [String] {
        func names(_ path: String?, _ variable: String, _ standard: String) throws(CommandError) -> FileNames {
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

/// Compares the names of the three files.
struct ConfigurationCheck: Sendable {
    var providers: FileNames
    var coverage: FileNames
    var callbacks: FileNames

    /// What does not go together, a line each, in the files' order; empty when all does.
    /// - Throws: `CommandError` when a file lacks what it is about.
    func problems() throws(CommandError) -> [String] {
        let senders = try providers.below("providers")
        let told = try callbacks.below("providers")
        let covered = Set(try coverage.below("organizations").map(\.name))
        let (senderNames, toldNames) = (Set(senders.map(\.name)), Set(told.map(\.name)))
        var problems: [String] = []
        for sender in senders {
            let place = "\(providers.file)\(Self.line(sender)): provider \(sender.name)"
            if !toldNames.contains(sender.name) {
                problems.append("\(place) is not in \(callbacks.file): nobody could tell it")
            }
            guard let organization = sender.organization else {
                problems.append("\(place) names no organization")
                continue
            }
            if !covered.contains(organization) {
                problems.append("\(place) works for \(organization), which is not in \(coverage.file)")
            }
        }
        for organization in providers.anyBelow("organizations") where !covered.contains(organization.name) {
            problems.append(
                "\(providers.file)\(Self.line(organization)): "
                    + "organization \(organization.name) is not in \(coverage.file)"
            )
        }
        for entry in told where !senderNames.contains(entry.name) {
            problems.append(
                "\(callbacks.file)\(Self.line(entry)): "
                    + "provider \(entry.name) is not in \(providers.file): it can send nothing"
            )
        }
        return problems
    }

    private static func line(_ entry: FileNames.Entry) -> String { entry.line.map { ", line \($0)" } ?? "" }
}
