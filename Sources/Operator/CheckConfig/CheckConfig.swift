import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake check-config`
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Say everything that is wrong with the files that operators edit.",
        discussion: """
            Each service's own reader reads its file, and the environment, as at its start; the executables are looked \
            for beside this one, then on PATH. Then the names in the files are compared: every provider must be told \
            somewhere, and work for an organisation that covers something. Secrets that files take from the \
            environment must be there, as for the services. Exits 0 when all is well, 1 otherwise.
            """)

    @Option(help: "(default: $INTAKE_PROVIDERS_FILE, else providers.yaml)", completion: .file(extensions: ["yaml"]))
    var providers: String?

    @Option(help: "(default: $INTAKE_COVERAGE_FILE, else coverage.yaml)", completion: .file(extensions: ["yaml"]))
    var coverage: String?

    @Option(help: "(default: $INTAKE_CALLBACKS_FILE, else callbacks.yaml)", completion: .file(extensions: ["yaml"]))
    var callbacks: String?

    @Option(help: "(default: $INTAKE_GEOCODERS_FILE, else none)", completion: .file(extensions: ["yaml"]))
    var geocoders: String?

    @Option(help: "(default: $INTAKE_SIGN_IN_FILE, else none)", completion: .file(extensions: ["yaml"]))
    var signIn: String?

    @Flag(help: "Compare the names alone: no service's executable is needed.")
    var namesOnly = false

    @Flag(help: "Print the problems as JSON.")
    var json = false

    func run() async throws {
        let problems = try check(ProcessInfo.processInfo.environment)
        let good = namesOnly ? "The files go together." : "The files are good, and go together."
        let text = problems.isEmpty ? [good] : problems
        try Output.write(
            json ? .json(["problems": problems]) : .text(text.map(PrintableText.of).joined(separator: "\n") + "\n"))
        guard problems.isEmpty else { throw ExitCode(1) }
    }

    /// - Throws: `CommandError` when a file cannot be read for its names, or a service's executable cannot be run.
    func check(_ environment: [String: String]) throws(CommandError) -> [String] {
        // As in the services: empty is absent.
        var environment = environment.filter { !$0.value.isEmpty }
        for (variable, path) in [
            ("INTAKE_PROVIDERS_FILE", providers), ("INTAKE_COVERAGE_FILE", coverage),
            ("INTAKE_CALLBACKS_FILE", callbacks), ("INTAKE_GEOCODERS_FILE", geocoders), ("INTAKE_SIGN_IN_FILE", signIn),
        ] {
            if let path { environment[variable] = path }
        }
        let wrong = namesOnly ? [] : try ServiceChecks(environment).problems()
        do throws(CommandError) {
            func names(_ variable: String, _ standard: String) throws(CommandError) -> FileNames {
                try FileNames(path: environment[variable] ?? standard)
            }
            let signIn: FileNames? =
                if let path = environment["INTAKE_SIGN_IN_FILE"] { try FileNames(path: path) } else { nil }
            return try wrong
                + ConfigurationCheck(
                    providers: names("INTAKE_PROVIDERS_FILE", "providers.yaml"),
                    coverage: names("INTAKE_COVERAGE_FILE", "coverage.yaml"),
                    callbacks: names("INTAKE_CALLBACKS_FILE", "callbacks.yaml"), signIn: signIn
                ).problems()
        } catch {
            // The services have said it already, and better.
            guard wrong.isEmpty else { return wrong }
            throw error
        }
    }
}

/// Compares the names of the three files.
struct ConfigurationCheck: Sendable {
    var providers: FileNames
    var coverage: FileNames
    var callbacks: FileNames
    /// `nil` where no identity provider signs people in.
    var signIn: FileNames?

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
        let employers = Set(senders.compactMap(\.organization))
        for recipient in callbacks.anyBelow("notify") {
            for organization in recipient.organizations where !employers.contains(organization) {
                problems.append(
                    "\(callbacks.file)\(Self.line(recipient)): \(recipient.name) of notify is to hear of "
                        + "\(organization), for which no provider of \(providers.file) works")
            }
        }
        for rule in signIn?.ruled ?? [] where !covered.contains(rule.name) {
            problems.append(
                "\(signIn?.file ?? "")\(Self.line(rule)): "
                    + "organization \(rule.name) is not in \(coverage.file): its people would find nothing")
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
