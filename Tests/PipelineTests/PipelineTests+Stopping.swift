import TestSupport
import Testing

extension PipelineTests {
    /// SIGTERM in the middle of work: each service drains and exits 0 within 20 s, and nothing is lost.
    @Test
    func sigtermInTheMiddleOfWork() async throws {
        try await Pipeline.run { pipeline in
            var ids: [String] = []
            var jobs: [String] = []
            for name in ServiceName.allCases {
                let batch = (0..<20).map { HelpRequest.covered("\(name.rawValue)-\($0)") }
                ids += batch.map(\.providerRequestId)
                for request in batch { jobs.append(try await pipeline.api.submit(request)) }
                let end = try await pipeline[name].terminate()
                #expect(end.status == .exited(0), "\(name), log ends:\n\(end.logTail)")
                #expect(end.took < .seconds(20), "\(name)")
                try await pipeline[name].restart()
            }
            try await pipeline.awaitTold(ids)
            try await pipeline.awaitCompleted(jobs)
            try await pipeline.awaitEmptyQueues()
            // An orderly stop repeats nothing.
            #expect(await pipeline.partner.told.values.allSatisfy { $0 == [true] })
        }
    }
}
