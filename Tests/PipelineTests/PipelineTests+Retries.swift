import Contracts
import TestSupport
import Testing

extension PipelineTests {
    /// A partner that fails twice is told on the third attempt, and the job shows the attempts.
    @Test
    func aPartnerThatFailsTwiceIsToldOnTheThirdAttempt() async throws {
        struct Job: Decodable {
            struct Retry: Decodable {
                struct Trouble: Decodable { var code: String }
                var stage: String
                var attempt: Int
                var error: Trouble
            }
            var status: String
            var retry: Retry?
        }
        struct Request: Decodable {
            struct Callback: Decodable {
                var acceptance: Bool
                var httpStatus: Int
                var attempt: Int
            }
            var callback: Callback?
        }
        try await Pipeline.run { pipeline in
            await pipeline.partner.answer("stubborn", with: [500, 500])
            let path = try await pipeline.api.submit(.covered("stubborn"))

            let retry = try await eventually("the job shows the retry", processes: await pipeline.processes) {
                try await pipeline.api.get(path).json(Job.self).retry
            }
            #expect(retry.stage == "callback")
            #expect((1...2).contains(retry.attempt))

            try await pipeline.awaitTold(["stubborn"])
            try await pipeline.awaitCompleted([path])
            let callbacks = await pipeline.partner.callbacks["stubborn"] ?? []
            #expect(callbacks.map(\.answeredWith) == [500, 500, 200])
            #expect(callbacks.allSatisfy { $0.acceptance && $0.status == "new" })
            #expect(callbacks.allSatisfy { $0.authorization == "demo-partner-token" })

            let done = try await pipeline.api.get(path)
            let request = try await pipeline.api.get(try #require(done.location)).json(Request.self)
            #expect(request.callback?.attempt == 3)
            #expect(request.callback?.httpStatus == 200)
            try await pipeline.awaitEmptyQueues()
        }
    }

    /// A partner whose deployment answers 404 loses nothing: its endpoint is left alone, and told when it is back.
    @Test
    func aPartnerWhoseDeploymentAnswers404LosesNothing() async throws {
        try await Pipeline.run { pipeline in
            await pipeline.partner.answerAll(with: 404)
            let ids = (1...30).map { "lost-\($0)" }
            var jobs: [String] = []
            for id in ids { jobs.append(try await pipeline.api.submit(.covered(id))) }
            try await eventually("its endpoint is left alone", processes: await pipeline.processes) {
                try await pipeline[.callback].get("metrics").body.contains(
                    #"intake_callback_endpoint_degraded{provider="\#(Pipeline.provider)"} 1"#)
            }
            try await eventually("the status shows what waits for it", processes: await pipeline.processes) {
                let status = try await pipeline.intake(["status"])
                let row = status.output.firstMatch(of: /callback\s+(\d+)\s/)
                return status.output.contains("failing: \(Pipeline.provider)") && row.flatMap { Int($0.1) } ?? 0 >= 15
            }
            await pipeline.partner.answerAll(with: nil)
            try await pipeline.awaitTold(ids)
            try await pipeline.awaitCompleted(jobs)
            try await pipeline.awaitEmptyQueues()
            let dead = try await pipeline.broker.management.messages(in: pipeline.topology.deadQueue(.callback))
            #expect(dead.isEmpty)
        }
    }
}
