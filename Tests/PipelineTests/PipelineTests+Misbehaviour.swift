import Foundation
import TestSupport
import Testing

extension PipelineTests {
    /// A partner that loses answers, dawdles, refuses, resets or goes down is told of every request all the same.
    @Test
    func aPartnerThatLosesAnswers() async throws {
        let port = try FreePorts.take(1)[0]
        try await Pipeline.run(files: .shipped(callbackPort: port, settings: ["timeout: 1s"])) { pipeline in
            let run = try await pipeline.simulate(
                port,
                [
                    "--count", "40", "--misbehave", "lost-response=10%,slow=10%,429=10%,reset=10%,huge-body=10%",
                    "--slow-for", "3s", "--misbehave-times", "2",
                ])
            #expect(run.command.status == .exited(0), "\(run.output)")
            #expect(run.report.behaviours.map(\.behaviour) == Self.listed)
            for behaviour in run.report.behaviours {
                #expect(behaviour.requests > 0 && behaviour.told == behaviour.requests, "\(behaviour)")
                #expect(behaviour.violations.values.allSatisfy { $0 == 0 }, "\(behaviour)")
                switch behaviour.behaviour {
                // A status is a receipt by default, whatever the body.
                case "none", "huge-body": #expect(behaviour.repeated == 0, "\(behaviour)")
                // A connection that was kept and turns out to be dead is replaced within the attempt.
                case "reset": #expect(behaviour.repeated >= behaviour.requests, "\(behaviour)")
                default: #expect(behaviour.repeated == 2 * behaviour.requests, "\(behaviour)")
                }
                #expect(run.output.contains("\n\(behaviour.behaviour) "), "\(run.output)")
            }

            let outage = try await pipeline.simulate(port, ["--count", "20", "--misbehave", "flap"])
            #expect(outage.command.status == .exited(0), "\(outage.output)")
            let flap = try #require(outage.report.behaviours.first)
            #expect(flap.requests > 0 && flap.told == flap.requests && flap.repeated > 0, "\(flap)")
            try await pipeline.awaitEmptyQueues()
        }
    }

    private static let listed = ["lost-response", "slow", "429", "reset", "huge-body", "none"]

    @Test
    func anErrorUnderA200IsAReceiptUnlessTheRuleSaysOtherwise() async throws {
        let port = try FreePorts.take(1)[0]
        try await Pipeline.run(files: .shipped(callbackPort: port)) { pipeline in
            let run = try await pipeline.simulate(
                port, ["--count", "2", "--misbehave", "error-in-200=100%", "--timeout", "5s"])
            #expect(run.command.status == .exited(1))
            let behaviour = try #require(run.report.behaviours.first)
            #expect((behaviour.attempts, behaviour.told) == (2, 0), "\(behaviour)")
            #expect(run.output.contains("Stopped waiting"), "\(run.output)")
        }
    }

    /// Under a receipt rule an error under a 200 is tried again, until the partner has really taken it.
    @Test
    func underAReceiptRuleAnErrorUnderA200IsTriedAgain() async throws {
        let port = try FreePorts.take(1)[0]
        let rule = "receipt: {body: [{pointer: /error, is: absent}]}"
        try await Pipeline.run(files: .shipped(callbackPort: port, settings: [rule])) { pipeline in
            let run = try await pipeline.simulate(
                port, ["--count", "20", "--misbehave", "error-in-200=30%,huge-body=20%", "--misbehave-times", "2"])
            #expect(run.command.status == .exited(0), "\(run.output)")
            let behaviour = try #require(run.report.behaviours.first)
            #expect(behaviour.requests > 0 && behaviour.told == behaviour.requests, "\(behaviour)")
            #expect(behaviour.repeated == 2 * behaviour.requests, "\(behaviour)")
            #expect(run.report.behaviours.allSatisfy { $0.violations.values.allSatisfy { $0 == 0 } })
        }
    }

    @Test
    func nobodyGoesWhereAPartnersRedirectPoints() async throws {
        let port = try FreePorts.take(1)[0]
        try await Pipeline.run(files: .shipped(callbackPort: port)) { pipeline in
            // When it is tried again is the service's to say; that can be after the run.
            let run = try await pipeline.simulate(
                port, ["--count", "4", "--misbehave", "redirect=100%", "--timeout", "5s"])
            let behaviour = try #require(run.report.behaviours.first)
            #expect(behaviour.requests == 4 && behaviour.attempts >= 4, "\(behaviour)")
            #expect(behaviour.violations.values.allSatisfy { $0 == 0 }, "\(behaviour)")
        }
    }
}

extension Pipeline {
    /// What one run of `intake simulate` came to.
    fileprivate struct Simulated {
        var command: IntakeCommand
        var report: Report

        var output: String { command.output }

        struct Report: Decodable {
            struct Behaviour: Decodable {
                var behaviour: String
                var requests: Int
                var attempts: Int
                var told: Int
                var repeated: Int
                var violations: [String: Int]
            }
            var behaviours: [Behaviour]
        }
    }

    /// Plays the shipped configuration's partner at that port, to the run's end.
    fileprivate func simulate(_ port: Int, _ arguments: [String]) async throws -> Simulated {
        let directory = try TestDirectory.make("simulate")
        let process = try ChildProcess(
            name: "intake simulate",
            command: [
                Repository.executable("intake"), "simulate", "--url", "http://127.0.0.1:\(api.port)",
                "--callback-port", "\(port)", "--callback-authorization", "demo-partner-token", "--seed", "7",
                "--report", "\(directory)/report.json",
            ] + arguments,
            logPath: "\(directory)/output")
        let command = try await IntakeCommand(process)
        let content = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/report.json"))
        return Simulated(
            command: command,
            report: try JSONDecoder().decode(Simulated.Report.self, from: content))
    }
}
