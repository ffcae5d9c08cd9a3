import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import ServiceRuntime
import Terminal

/// `intake callbacks`: how partners are told.
struct Callbacks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Try a partner's endpoint, see what waits and what was tried, tell again, pause and resume, change the "
            + "signing secret.",
        subcommands: [
            CallbacksTest.self, CallbacksWaiting.self, CallbacksAttempts.self, CallbacksResend.self,
            CallbacksPause.self, CallbacksGoOn.self, CallbacksRotateSecret.self,
        ])
}

/// `intake callbacks test`
struct CallbacksTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a provider a sample callback, or whom notify names a trial, and show the whole exchange.",
        discussion: """
            The sample goes the way of every callback, with the provider's authorization and signature, about a \
            request that does not exist: intake-test-…, with the header Intake-Test: true. One whom notify names is \
            told that nothing is wrong. Exits 0 when the answer was a receipt, 1 otherwise.
            """)

    @Argument(help: "The name in callbacks.yaml, below providers or notify.")
    var provider: ProviderName

    @Flag(help: "Print the exchange as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<CallbackListener>

    func run() async throws {
        let api = try admin.api()
        let exchange = try await api.send(TestCallback.call(of: provider.name), missing: provider.missing(at: api))
        try Output.write(json ? .json(exchange) : .text(CallbackExchangeText.of(exchange)))
        guard exchange.receipt.isReceipt else { throw ExitCode(1) }
    }
}

/// `intake callbacks attempts`
struct CallbacksAttempts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attempts", abstract: "Show each attempt to tell a request's partner, and what came of it.")

    @Argument(help: "The request's id, ours or the partner's.")
    var request: String

    @Flag(help: "Print the attempts as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        let id = try await api.resolve(request)
        let attempts = try await api.send(ListAttempts.call(of: id), missing: id.missing)
        try Output.write(json ? .json(attempts) : .text(CallbackAttemptsText.of(attempts)))
    }
}

/// `intake callbacks resend`
struct CallbacksResend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Tell a request's partner again what it was last told.",
        discussion: """
            It goes out as a new event, under an Idempotency-Key of its own: a partner that has taken the earlier one \
            sees another. For a callback that died, dead replay is the way: it keeps the key.
            """)

    @Argument(help: "The request's id, ours or the partner's.")
    var request: String

    @Flag(help: "Print the event's id as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        let id = try await api.resolve(request)
        let resent = try await api.send(ResendCallback.call(of: id), missing: id.missing)
        try Output.write(json ? .json(resent) : .text("on its way again, as event \(resent.eventId)\n"))
    }
}

/// `intake callbacks pause`
struct CallbacksPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Send a partner no callbacks until they are resumed.",
        discussion: """
            Nothing is lost: what comes waits in the partner's queue. What is under way ends. The pause outlasts a \
            restart. Where the variable names several processes of CallbackService, with commas, each is told.
            """)

    @Argument(help: "The provider's id in callbacks.yaml.")
    var provider: ProviderName

    @Option(help: "Why, for whoever wonders.")
    var why: String

    @Flag(help: "Print what is so in each process as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<CallbackListener>

    func run() async throws {
        let call = PauseCallbacks.call(
            of: provider.name, body: PauseOrder(by: OperatorName.current(), why: why))
        try await ProviderEntry.write(json: json, admin.apis()) { api throws(CommandError) in
            try await api.send(call, missing: provider.missing(at: api))
        }
    }
}

/// `intake callbacks resume`
struct CallbacksGoOn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a partner's callbacks go out again, those that have waited first.")

    @Argument(help: "The provider's id in callbacks.yaml.")
    var provider: ProviderName

    @Flag(help: "Print what is so in each process as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<CallbackListener>

    func run() async throws {
        let call = ResumeCallbacks.call(
            of: provider.name, body: PauseOrder(by: OperatorName.current(), why: nil))
        try await ProviderEntry.write(json: json, admin.apis()) { api throws(CommandError) in
            try await api.send(call, missing: provider.missing(at: api))
        }
    }
}

extension ProviderEntry {
    /// Whether its callbacks go out.
    var pauseText: String {
        guard let paused else { return "the callbacks to \(provider) go out" }
        return PrintableText.of("the callbacks to \(provider) are paused \(paused.text)")
    }

    /// Changes it in each process, and writes what is so then.
    static func write(
        json: Bool, _ apis: [ServiceAdmin], change: (ServiceAdmin) async throws(CommandError) -> ProviderEntry
    ) async throws {
        var entries: [ProviderEntry] = []
        for api in apis {
            entries.append(try await change(api))
            if !json, let entry = entries.last { try Output.write(.text(entry.pauseText + "\n")) }
        }
        if json { try Output.write(.json(entries)) }
    }
}

extension ProviderName {
    /// What a 404 about it means.
    func missing(at api: ServiceAdmin) -> String {
        "\(api.base) knows no provider \(name): is it CallbackService's admin listener, and in its callbacks file?"
    }
}

extension RequestID {
    /// What a 404 about it means.
    var missing: String { "no request has the id \(self)" }
}

/// `intake callbacks rotate-secret`
struct CallbacksRotateSecret: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-secret", abstract: "Sign a partner's callbacks with a new secret.",
        discussion: """
            Prints the new secret, once. What signed before signs too until the overlap has passed, so that the \
            partner can change over without missing a callback. CallbackService keeps it, in the place of the \
            signing_secrets of callbacks.yaml; a secret that is put there later signs too. A partner does the same \
            on its page. Where the variable names several processes of CallbackService, with commas, each is told.
            """)

    @Argument(help: "The provider's id in callbacks.yaml.")
    var provider: ProviderName

    @Option(help: "How long what signs today signs too: up to 7d, or 0 when others know it.")
    var overlap = Overlap(.seconds(24 * 3600))

    @Flag(help: "Print the secret, and by which names each process signs, as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<CallbackListener>

    /// `0`, or as an `Age`.
    struct Overlap: ExpressibleByArgument, CustomStringConvertible {
        var duration: Duration

        init(_ duration: Duration) { self.duration = duration }

        /// `nil` for what is no length of time, or longer than a week.
        init?(argument: String) {
            guard let duration = argument == "0" ? .zero : Age(argument: argument)?.duration,
                duration <= .seconds(7 * 24 * 3600)
            else { return nil }
            self.duration = duration
        }

        var description: String { duration.configured }
    }

    func run() async throws {
        var states: [RotatedSecret] = []
        for api in try admin.apis() {
            do throws(CommandError) {
                let order = RotateSecret.Body(
                    by: OperatorName.current(), overlap: overlap.duration, secret: states.first?.secret)
                states.append(
                    try await api.send(
                        RotateSecret.call(of: provider.name, body: order), missing: provider.missing(at: api)))
            } catch {
                // It signs already where it was made: whoever must bring it to the partner gets to see it.
                if let made = states.first { try Output.write(.text(made.text + "\n")) }
                throw error
            }
        }
        guard let made = states.first else { return }
        try Output.write(json ? .json(states) : .text(made.text + "\n"))
    }
}

extension RotatedSecret {
    var text: String {
        let first = PrintableText.of("callbacks to \(provider) are signed with \(signingSecretIds.first ?? "it"): ")
        let ends = endingSecrets.map {
            PrintableText.of("\($0.id) signs too until \(Timestamp.string($0.until))")
        }
        return ([first + PrintableText.of(secret)] + ends).joined(separator: "\n")
    }
}
