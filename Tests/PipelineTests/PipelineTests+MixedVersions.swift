import Contracts
import TestSupport
import Testing

/// Services are deployed one by one: those of two versions always run together for a while.
extension PipelineTests {
    /// What the version before says, and the next one, is understood to the end.
    @Test(.timeLimit(.minutes(3)))
    func whatTheVersionBeforeSays() async throws {
        try await Pipeline.run { pipeline in
            // Another version of the two speaks in their place.
            for name in [ServiceName.geocode, .decision] { try await pipeline[name].kill() }
            let told = [
                ("old-decision", "request.decided/1.0/a-covered-request", false),
                ("new-decision", "request.decided/1.0/a-covered-request", true),
            ]
            var jobs: [String: String] = [:]
            for id in ["old-decision", "new-decision", "old-place", "new-place"] {
                jobs[id] = try await pipeline.api.submit(.covered(id))
            }
            for (id, golden, isNext) in told {
                var message = try VersionedMessage(golden: golden, job: try #require(jobs[id]), providerRequestID: id)
                if isNext {
                    message.growUp()
                    // An optional field that the next version has no value for.
                    message.fields["rule"] = nil
                }
                #expect(try await message.publish(to: pipeline))
            }
            try await pipeline.awaitTold(told.map(\.0))

            try await pipeline[.decision].restart()
            for (id, isNext) in [("old-place", false), ("new-place", true)] {
                var message = try VersionedMessage(
                    golden: "request.geocoded/1.0/a-covered-request", job: try #require(jobs[id]),
                    providerRequestID: id)
                if isNext {
                    message.growUp()
                    message.fields["county"] = nil
                }
                #expect(try await message.publish(to: pipeline))
            }
            try await pipeline.awaitTold(["old-place", "new-place"])
            try await pipeline.awaitCompleted(Array(jobs.values))
            #expect(await pipeline.partner.told.values.allSatisfy { $0 == [true] })
            try await pipeline.expectNoDeadLetters()
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aSecondVersionPublishedBesideTheFirstDisturbsNobodyWhoDoesNotKnowIt() async throws {
        try await Pipeline.run { pipeline in
            let job = try await pipeline.api.submit(.covered("both"))
            for (golden, isTaken) in [
                // Bound by their very names: nobody gets the second version before he has asked for it.
                ("request.accepted/1.0/a-covered-request", false), ("request.geocoded/1.0/a-covered-request", false),
                // Bound with whatever follows: it comes, and is ignored.
                ("request.decided/1.0/a-covered-request", true), ("callback.delivered/1.0/a-covered-request", true),
            ] {
                var message = try VersionedMessage(golden: golden, job: job, providerRequestID: "both")
                try message.becomeVersion2()
                #expect(try await message.publish(to: pipeline) == isTaken, "\(golden)")
            }
            try await pipeline.awaitTold(["both"])
            try await pipeline.awaitCompleted([job])
            try await pipeline.awaitEmptyQueues()
            #expect(await pipeline.partner.callbacks["both"]?.count == 1)
            try await pipeline.expectNoDeadLetters()
        }
    }
}

extension Pipeline {
    fileprivate func expectNoDeadLetters() async throws {
        for stage in Stage.allCases {
            let dead = try await broker.management.messages(in: topology.deadQueue(stage))
            #expect(dead.isEmpty, "\(stage)")
        }
    }
}
