import Contracts
import Foundation
import TestSupport
import Testing

extension PipelineTests {
    @Test(.timeLimit(.minutes(3)))
    func crashWhileAPersonDecides() async throws {
        try await Pipeline.run(files: .houstonWithReviews) { pipeline in
            let job = try await pipeline.api.submit(.doubtful("doubtful"))
            try await pipeline.awaitReview(job)
            let audit = try await pipeline.intake(["audit", "--stuck-after", "1s"])
            #expect(audit.status == .exited(0) && audit.output.contains("0 stuck, 0 nowhere"), "\(audit.output)")
            let list = try await pipeline.intake(["review", "list"])
            #expect(list.status == .exited(0) && list.output.contains("place_conflict"), "\(list.output)")

            let service = try pipeline[.ingest]
            try await service.kill()
            try await service.relaunch(["FAILURE_POINT": "outbox.committed"])
            try await service.awaitReady()
            let path = job.replacing("/jobs/", with: "/requests/")
            // The answer is lost: the service dies before it.
            async let patched = pipeline.api.patch(path, #"{"decision": "accept"}"#)
            #expect(try await service.end() == .killed(signal: 9))
            try await service.restart()
            _ = try? await patched
            try await pipeline.awaitTold(["doubtful"])
            try await pipeline.awaitCompleted([job])
            let again = try await pipeline.api.patch(path, #"{"decision": "accept"}"#)
            #expect(again.status == 200)
            let id = try #require(job.split(separator: "/").last.map(String.init))
            let other = try await pipeline.intake(["review", "decline", id])
            #expect(
                other.status == .exited(1) && other.output.contains("accepted by a person before"), "\(other.output)")
            try await pipeline.awaitEmptyQueues()
            let callbacks = try #require(await pipeline.partner.callbacks["doubtful"])
            #expect(callbacks.map(\.acceptance) == [true], "told once")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func crashWhileADeadlinePasses() async throws {
        try await Pipeline.run { pipeline in
            // In place of the decision service, which gives people a minute at least.
            _ = try await pipeline[.decision].terminate()
            let job = try await pipeline.api.submit(.covered("overdue"))
            let id = try #require(job.split(separator: "/").last.flatMap { RequestID(String($0)) })
            let queue = pipeline.topology.queue(.decision)
            try await eventually("it waits for its decision") {
                try await pipeline.broker.management.queue(queue)?.ready == 1
            }
            let service = try pipeline[.ingest]
            try await service.kill()
            // The service learns of the review and that its time is over at once.
            try await pipeline.askAPerson(about: id, until: Date())
            try await service.relaunch(["FAILURE_POINT": "outbox.committed"])
            #expect(try await service.end() == .killed(signal: 9))
            try await service.restart()
            try await pipeline.awaitTold(["overdue"])
            try await pipeline.awaitCompleted([job])
            #expect(await pipeline.partner.callbacks["overdue"]?.map(\.acceptance) == [false], "told once")
            let audit = try await pipeline.intake(["audit"])
            #expect(audit.output.contains("accepted = told + pending + review + dead holds"), "\(audit.output)")
        }
    }
}

extension Pipeline {
    fileprivate func awaitReview(_ job: String) async throws {
        struct Job: Decodable {
            struct Review: Decodable { var deadline: String }
            var review: Review?
        }
        try await eventually("\(job) waits for a person", processes: await processes) {
            try await api.get(job).json(Job.self).review != nil
        }
    }

    /// Says what the decision service says of a request in doubt; without an answer it is declined.
    fileprivate func askAPerson(about id: RequestID, until deadline: Date) async throws {
        let asked = RequestReviewRequested(
            RequestReference(
                provider: Self.provider, providerRequestID: "overdue", organization: "relief",
                acceptedAt: Timestamp.truncate(Date())),
            ReviewQuestion(
                reason: .placeConflict, proposal: true, rule: nil, coverageVersion: "test", precision: .zip,
                explanation: "Too far apart.", deadline: Timestamp.truncate(deadline), fallback: false))
        let message = try EventMessage(
            Event(id: UUID(), source: "/intake/decision", time: Timestamp.truncate(Date()), requestID: id, data: asked))
        let headers = message.headers.all.reduce(into: [String: String]()) { $0[$1.name] = $1.value.string }
        let isTaken = try await broker.management.publish(
            message.body, exchange: topology.events, routingKey: message.routingKey, headers: headers)
        #expect(isTaken)
    }
}
