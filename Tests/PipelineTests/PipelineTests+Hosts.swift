import Contracts
import Foundation
import TestSupport
import Testing

/// Callback services on several hosts, which have nothing in common but the broker and a PostgreSQL.
extension PipelineTests {
    /// An answer waits for its next attempt. Meanwhile another host tells the step after it: the answer is never sent.
    @Test(.enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(3)))
    func anAnswerThatAnotherHostHasOvertakenIsNeverSent() async throws {
        let schedule = ["INTAKE_CALLBACK_SCHEDULE": "30s,1s,1s"]
        try await Pipeline.run(callbackState: .server, more: schedule) { pipeline in
            await pipeline.partner.answer("late", with: [503])
            let job = try await pipeline.api.submit(.covered("late"))
            try await eventually("the answer waits for its next attempt", processes: await pipeline.processes) {
                try await pipeline.api.get(job).body.contains(text: #""retry":"#)
            }
            let first = try pipeline[.callback]
            #expect(try await first.terminate().status == .exited(0))
            let second = try pipeline.replica(of: .callback)
            try await second.awaitReady()
            let path = job.replacing("/jobs/", with: "/requests/")
            #expect(try await pipeline.api.patch(path, #"{"status": "scheduled"}"#).status == 200)
            try await eventually("the other host tells the step", processes: [await second.childProcess]) {
                await pipeline.partner.callbacks["late"]?.count == 2
            }
            #expect(try await second.terminate().status == .exited(0))
            try await first.restart()
            try await eventually(
                "the answer is left out", within: .seconds(60), processes: [await first.childProcess]
            ) {
                try await pipeline.api.get("\(job)?redirect=no").body.contains(text: #""callback-superseded""#)
            }
            let callbacks = await pipeline.partner.callbacks["late"] ?? []
            #expect(callbacks.map(\.status) == ["new", "scheduled"])
            #expect(callbacks.map(\.answeredWith) == [503, 200])
            try await pipeline.awaitEmptyQueues()
        }
    }

    /// A pause that one host was told of holds on the other, too.
    @Test(.enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(3)))
    func aPauseHoldsOnEveryHost() async throws {
        try await Pipeline.run(callbackState: .server) { pipeline in
            let second = try pipeline.replica(of: .callback)
            try await second.awaitReady()
            let paused = #"intake_callback_paused{provider="\#(Pipeline.provider)"} 1"#
            let pause = try await pipeline.intake(["callbacks", "pause", Pipeline.provider, "--why", "they move"])
            #expect(pause.status == .exited(0), "\(pause.output)")
            try await eventually("the other host has heard of it", processes: [await second.childProcess]) {
                try await second.get("metrics").body.contains(paused)
            }
            let job = try await pipeline.api.submit(.covered("paused"))
            let queue = pipeline.topology.callbackQueue(of: Pipeline.provider)
            try await eventually("what comes waits in the queue", within: .seconds(60)) {
                try await pipeline.broker.management.queue(queue)?.ready == 1
            }
            #expect(await pipeline.partner.callbacks["paused"] == nil)
            let resume = try await pipeline.intake(["callbacks", "resume", Pipeline.provider])
            #expect(resume.status == .exited(0), "\(resume.output)")
            try await pipeline.awaitTold(["paused"])
            try await pipeline.awaitCompleted([job])
            #expect(try await second.terminate().status == .exited(0))
        }
    }
}

extension Data {
    fileprivate func contains(text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}
