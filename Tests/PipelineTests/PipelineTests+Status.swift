import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import TestSupport
import Testing

extension PipelineTests {
    @Test(.timeLimit(.minutes(3)))
    func crashWhileAStepIsTaken() async throws {
        try await Pipeline.run { pipeline in
            let job = try await pipeline.api.submit(.covered("step"))
            try await pipeline.awaitTold(["step"])
            try await pipeline.awaitCompleted([job])
            let service = try pipeline[.ingest]
            try await service.kill()
            try await service.relaunch(["FAILURE_POINT": "outbox.committed"])
            try await service.awaitReady()
            let path = job.replacing("/jobs/", with: "/requests/")
            // The answer is lost: the service dies before it.
            async let patched = pipeline.api.patch(path, #"{"status": "scheduled"}"#)
            #expect(try await service.end() == .killed(signal: 9))
            try await service.restart()
            _ = try? await patched
            try await eventually("the partner is told of the step", processes: await pipeline.processes) {
                await pipeline.partner.callbacks["step"]?.count == 2
            }
            let again = try await pipeline.api.patch(path, #"{"status": "scheduled"}"#)
            #expect(again.status == 200)
            let request = try JSONSerialization.jsonObject(with: again.body) as? [String: Any]
            #expect(request?["sequence"] as? Int == 2, "it was taken once")
        }
    }
}
