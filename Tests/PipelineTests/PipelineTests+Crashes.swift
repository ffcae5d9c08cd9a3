import TestSupport
import Testing

extension PipelineTests {
    /// The five processes.
    private enum Victim: Sendable {
        case broker
        case service(ServiceName)

        static let all = ServiceName.allCases.map { Victim.service($0) } + [.broker]
    }

    /// 200 requests, while every process is killed twice: all told, every queue empty.
    @Test(.timeLimit(.minutes(8)))
    func requestsWhileEveryProcessIsKilledTwice() async throws {
        let broker = try await BrokerNode.start()
        try await Pipeline.run(broker: broker) { pipeline in
            try await broker.saveDeclarations()
            var requests: [HelpRequest] = []
            var jobs: [String] = []
            for round in 0..<2 {
                for (index, victim) in Victim.all.enumerated() {
                    let batch = (0..<20).map { number in
                        let id = "crash-\(round)-\(index)-\(number)"
                        return number.isMultiple(of: 2) ? HelpRequest.covered(id) : .notCovered(id)
                    }
                    requests += batch
                    jobs += try await post(batch, to: pipeline, whileKilling: victim)
                }
            }
            #expect(requests.count == 200)

            try await pipeline.awaitTold(requests.map(\.providerRequestId), within: .seconds(180))
            let told = await pipeline.partner.told
            for request in requests {
                // At least once; a crash may repeat an answer, and never changes it.
                #expect(
                    Set(told[request.providerRequestId] ?? []) == [request.isCovered], "\(request.providerRequestId)")
            }
            #expect(Set(jobs).count == 200)
            try await pipeline.awaitCompleted(jobs, within: .seconds(90))
            try await pipeline.awaitEmptyQueues(within: .seconds(90))
            try await pipeline.expectEmptyQueuesAfterStop()
        }
        try await broker.kill()
    }

    /// Posts a batch, four requests at a time; kills the victim once a quarter is accepted, and starts it again.
    /// - Returns: the jobs' paths.
    private func post(
        _ batch: [HelpRequest], to pipeline: Pipeline, whileKilling victim: Victim
    ) async throws -> [String] {
        let (quarterAccepted, continuation) = AsyncStream<Void>.makeStream()
        // So that a killed callback service has callbacks under way, and a killed broker messages that are not settled.
        await pipeline.partner.hold()
        async let killed: Void = {
            for await _ in quarterAccepted {}
            if case .service(.callback) = victim {
                try await eventually("callbacks are under way") { await pipeline.partner.held > 0 }
            }
            try await kill(victim, of: pipeline)
            await pipeline.partner.release()
            try await restart(victim, of: pipeline)
        }()
        var jobs: [String] = []
        func note(_ job: String) {
            jobs.append(job)
            if jobs.count == batch.count / 4 { continuation.finish() }
        }
        try await withThrowingTaskGroup(of: String.self) { group in
            // Also when a post fails, or the other side would wait for ever.
            defer { continuation.finish() }
            for (index, request) in batch.enumerated() {
                if index >= 4, let job = try await group.next() { note(job) }
                group.addTask { try await pipeline.api.submit(request) }
            }
            for try await job in group { note(job) }
        }
        try await killed
        return jobs
    }

    private func kill(_ victim: Victim, of pipeline: Pipeline) async throws {
        switch victim {
        case .broker: try await pipeline.broker.kill()
        case .service(let name): try await pipeline[name].kill()
        }
    }

    private func restart(_ victim: Victim, of pipeline: Pipeline) async throws {
        switch victim {
        case .broker:
            try await pipeline.broker.restart()
            // The services find their way back by themselves.
            for name in ServiceName.allCases { try await pipeline[name].awaitReady() }
        case .service(let name): try await pipeline[name].restart()
        }
    }
}
