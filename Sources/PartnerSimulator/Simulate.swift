package import ArgumentParser
import Foundation
import Terminal

/// `intake simulate`: a partner that lives on this machine.
package struct Simulate: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Play a partner: post requests, take the callbacks, and count what became of each.",
        discussion: """
            Exits 0 when every request was accepted and told (and told what --expect says), 1 otherwise. Ctrl-C ends \
            the run and prints what is known so far.

            With a signing secret every callback must be signed by one, as Standard Webhooks has it, within five \
            minutes; one that is not gets 401, and the run exits 1.

            --misbehave takes callbacks badly, at the first --misbehave-times attempts of a share of the requests, and \
            well after that (200 {"ok":true}); the table then says how each kind fared. Behaviours, each with a share \
            such as =10% (else 5%):
              lost-response  takes it, and closes the connection without an answer
              error-in-200   200 {"error":"unknown serial"}: told only under a receipt rule in callbacks.yaml
              slow           answers after --slow-for, which should be longer than the timeout in callbacks.yaml
              429            with Retry-After: 1
              reset          resets the connection
              flap           everything is reset for 3 s of every 10 s (takes no share)
              redirect       307 to a place that nobody may ask
              huge-body      200 with a body of 10 MiB
            """)

    /// The token of `deploy/config/providers.yaml`: no secret.
    static let demoToken = "demo-token-not-for-production"

    @Option(help: "Post the requests of this file, one JSON object a line.", completion: .file(extensions: ["jsonl"]))
    var requests: String?

    @Option(help: "Make up this many requests. (default: 100)")
    var count: Int?

    @Option(
        help: """
            Make up the same people and places on every run with this seed, and misbehave at the same of them; the ids \
            are new ones all the same.
            """)
    var seed: UInt64?

    @Option(help: "Post so many a second. (default: as fast as they are taken)")
    var rate: Double?

    @Option(help: "How many POSTs are under way at once.")
    var concurrency = 64

    @Option(help: "Where the API is. (default: http://127.0.0.1:8080, or its $INTAKE_HTTP_PORT)")
    var url: String?

    @Option(
        help: """
            The partner's token. (default: $INTAKE_TOKEN, or the file that $INTAKE_TOKEN_FILE names, else the \
            demonstration's)
            """
    )
    var token: String?

    @Option(
        help: "Start every request's id with this. (default: a new one each run for made-up requests, none for a file)")
    var providerIdPrefix: String?

    @Option(help: "The address to take callbacks at.")
    var callbackHost = "127.0.0.1"

    @Option(help: "The port to take callbacks at, under /callbacks/{providerRequestId}.")
    var callbackPort = 8090

    @Option(help: "Refuse callbacks whose Authorization header is not this.")
    var callbackAuthorization: String?

    @Option(help: "Verify callbacks with this whsec_… secret, or one of several.")
    var signingSecret: [String] = []

    @Option(help: "Verify callbacks with the secrets of this file, one a line.", completion: .file())
    var signingSecretsFile: String?

    @Option(help: "Stop when nothing has happened for so long, e.g. 30s or 5m.")
    var timeout = TimeSpan(.seconds(60))

    @Option(
        help: "Take callbacks badly: some of \(Misbehaviour.names), with or without shares, e.g. slow,reset=10%.",
        transform: MisbehaviourShares.init)
    var misbehave: MisbehaviourShares?

    @Option(help: "Misbehave at so many attempts at a request. (default: 1)")
    var misbehaveTimes: Int?

    @Option(help: "How long a slow answer takes. (default: 20s)")
    var slowFor: TimeSpan?

    @Option(
        help:
            "A CSV file with the columns providerRequestId and acceptance: what each request of the file must be told.",
        completion: .file(extensions: ["csv"]))
    var expect: String?

    @Flag(help: "Print the numbers as JSON in the table's place.")
    var json = false

    @Option(help: "Write the numbers as JSON to this file as well.", completion: .file())
    var report: String?

    package init() {}

    package func validate() throws {
        if requests != nil, count != nil || (seed != nil && misbehave == nil) {
            throw ValidationError("--requests does not go with --count or --seed: they are about made-up requests.")
        }
        if misbehave == nil, misbehaveTimes != nil || slowFor != nil {
            throw ValidationError("--misbehave-times and --slow-for need --misbehave.")
        }
        if slowFor != nil, misbehave?.behaviours.contains(.slow) == false {
            throw ValidationError("--slow-for needs slow among --misbehave.")
        }
        if let misbehaveTimes, !(1...100).contains(misbehaveTimes) {
            throw ValidationError("--misbehave-times must be between 1 and 100.")
        }
        if expect != nil, requests == nil { throw ValidationError("--expect needs --requests.") }
        if let count, !(1...10_000_000).contains(count) {
            throw ValidationError("--count must be between 1 and 10000000.")
        }
        if let rate, !(rate.isFinite && (0.001...1_000_000).contains(rate)) {
            throw ValidationError("--rate must be between 0.001 and 1000000.")
        }
        guard (1...4096).contains(concurrency) else {
            throw ValidationError("--concurrency must be between 1 and 4096.")
        }
        guard (1...65535).contains(callbackPort) else {
            throw ValidationError("--callback-port must be between 1 and 65535.")
        }
        if let prefix = providerIdPrefix {
            guard prefix.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), prefix.utf8.count <= 64 else {
                throw ValidationError("--provider-id-prefix must be at most 64 printable ASCII characters.")
            }
        }
        guard url.map(ServiceURL.isOne) ?? true else {
            throw ValidationError("--url must look like http://127.0.0.1:8080.")
        }
    }

    package func run() async throws {
        let seed = seed ?? .random(in: .min ... .max)
        let source = try requestSource(seed)
        let given = try token ?? EnvironmentSecret.read("token", from: ProcessInfo.processInfo.environment)
        let simulation = Simulation(
            source: source,
            api: PartnerAPI(base: url ?? ServiceURL.frontDoor, token: given ?? Self.demoToken),
            callbacks: .init(
                host: callbackHost, port: callbackPort, authorization: callbackAuthorization,
                signatures: try signatures()),
            rate: rate, concurrency: concurrency, timeout: timeout.duration,
            misbehaviour: misbehave.map { shares in
                MisbehaviourPlan(
                    shares: shares, seed: seed, times: misbehaveTimes ?? 1,
                    slowFor: slowFor?.duration ?? .seconds(20))
            })
        let report = try await simulation.run(
            display: .onStandardError(), interruption: Simulation.interruptionBySignal)
        try write(report)
        guard report.succeeded else { throw ExitCode(1) }
    }

    private func signatures() throws(CommandError) -> CallbackSignatures? {
        let secrets =
            try signingSecret
            + (signingSecretsFile.map { path throws(CommandError) in
                try CallbackSignatures.secrets(inFile: path)
            } ?? [])
        return secrets.isEmpty ? nil : try CallbackSignatures(secrets: secrets)
    }

    private func requestSource(_ seed: UInt64) throws(CommandError) -> RequestSource {
        guard let requests else {
            return .madeUp(
                MadeUpRequests(
                    count: count ?? 100, prefix: providerIdPrefix ?? MadeUpRequests.newPrefix(),
                    seed: seed))
        }
        let expected = try expect.map { path throws(CommandError) in try ExpectedDecisions(path: path) }
        return .file(try RequestFile(path: requests, prefix: providerIdPrefix ?? "", expected: expected))
    }

    private func write(_ numbers: SimulationReport) throws {
        if let report {
            do {
                try numbers.json.write(to: URL(fileURLWithPath: report), options: .atomic)
            } catch {
                throw CommandError("\(report) cannot be written")
            }
        }
        try FileHandle.standardOutput.write(contentsOf: json ? numbers.json : Data(numbers.table.utf8))
    }
}
