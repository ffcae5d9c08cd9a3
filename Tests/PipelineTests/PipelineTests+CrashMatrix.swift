import Contracts
import TestSupport
import Testing

extension PipelineTests {
    /// A service that dies at any step loses nothing, decides once, and repeats itself under the same id only.
    @Test(.timeLimit(.minutes(10)), arguments: Pipeline.Store.allCases)
    func aServiceThatDiesAtAnyStepLosesNothing(_ store: Pipeline.Store) async throws {
        // The other services know nothing of the store.
        let points = CrashPoint.all.filter { store == .file || $0.service == .ingest }
        try await Pipeline.run(store: store) { pipeline in
            for (number, point) in points.enumerated() {
                let requests = (0..<4).map { index in
                    let id = "matrix-\(number)-\(index)"
                    return index.isMultiple(of: 2) ? HelpRequest.covered(id) : .notCovered(id)
                }
                for request in requests {
                    await pipeline.partner.answer(request.providerRequestId, with: point.partnerAnswers)
                }
                let jobs = try await post(requests, to: pipeline, dyingAt: point)
                try await pipeline.awaitTold(requests.map(\.providerRequestId))
                try await pipeline.awaitCompleted(jobs)
                #expect(Set(jobs).count == requests.count, "\(point.testDescription)")
                for request in requests { await expectOneAnswer(request, pipeline.partner, point) }
            }
            try await pipeline.awaitEmptyQueues()
        }
    }

    /// Of two front doors on one database one dies and never comes back: what it had in its outbox the other publishes.
    @Test(
        .enabled(if: PostgresServer.isInstalled), arguments: ["outbox.committed", "request.accepted", "publish.sent"])
    func whatAFrontDoorLeavesTheOtherPublishes(_ point: String) async throws {
        try await Pipeline.run(store: .server) { pipeline in
            var other = pipeline.api
            other.port = try FreePorts.take(1)[0]
            let replica = try pipeline.replica(of: .ingest, port: other.port)
            try await replica.awaitReady()
            let service = try pipeline[.ingest]
            try await service.kill()
            try await service.relaunch(["FAILURE_POINT": point])
            let request = HelpRequest.covered("left-behind")
            try await eventually("it dies of a request") {
                // It dies before it can answer, or after: the partner asks the other one in either case.
                _ = try? await pipeline.api.post(request)
                return await service.hasEnded
            }
            let job = try await other.submit(request)
            try await eventually("the partner is told") {
                await pipeline.partner.told[request.providerRequestId] != nil
            }
            try await eventually("the job is completed") { try await other.get(job).status == 303 }
            await expectOneAnswer(
                request, pipeline.partner, CrashPoint(service: .ingest, name: point))
            try await replica.kill()
        }
    }

    /// Arms the point, posts, waits for the death, and starts the service again unarmed.
    /// - Returns: the jobs' paths.
    private func post(
        _ requests: [HelpRequest], to pipeline: Pipeline, dyingAt point: CrashPoint
    ) async throws -> [String] {
        let service = try pipeline[point.service]
        try await service.kill()
        try await service.relaunch(["FAILURE_POINT": point.name])
        async let posted = withThrowingTaskGroup(of: String.self) { group in
            for request in requests { group.addTask { try await pipeline.api.submit(request) } }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        let end = try await service.end()
        #expect(end == .killed(signal: 9), "\(point.testDescription)")
        try await service.restart()
        return try await posted
    }

    private func expectOneAnswer(_ request: HelpRequest, _ partner: PartnerUnderTest, _ point: CrashPoint) async {
        let callbacks = await partner.callbacks[request.providerRequestId] ?? []
        let comment = Comment(rawValue: "\(request.providerRequestId), \(point.testDescription)")
        #expect(Set(callbacks.map(\.acceptance)) == [request.isCovered], comment)
        #expect(Set(callbacks.map(\.idempotencyKey)).count == 1 && callbacks.first?.idempotencyKey != nil, comment)
    }

    /// A stage that dies between a dead letter and its ack leaves the letter, and goes on.
    @Test
    func aStageThatDiesBetweenADeadLetterAndItsAckLeavesTheLetter() async throws {
        try await Pipeline.run { pipeline in
            let service = try pipeline[.geocode]
            let topology = pipeline.topology
            let management = pipeline.broker.management
            try await service.kill()
            try await service.relaunch(["FAILURE_POINT": "stage.buried"])
            let body = Array("no event at all".utf8)
            #expect(try await management.publish(body, routingKey: topology.queue(.geocode)))
            #expect(try await service.end() == .killed(signal: 9))
            try await service.restart()
            let job = try await pipeline.api.submit(.covered("after-the-burial"))
            try await pipeline.awaitTold(["after-the-burial"])
            try await pipeline.awaitCompleted([job])
            let dead = try await management.messages(in: topology.deadQueue(.geocode))
            #expect((1...2).contains(dead.count) && dead.allSatisfy { $0.body == body })
        }
    }

    /// A message that kills whoever takes it dies at the delivery limit, and none of its neighbours with it; those in
    /// other shards, of which each has one in hand at that moment, are spared by chance, and a limit has to leave them
    /// some.
    @Test(.timeLimit(.minutes(4)), arguments: [(1, 3), (3, 8)])
    func aMessageThatKillsWhoeverTakesItDiesAtTheDeliveryLimit(_ shards: Int, _ limit: Int) async throws {
        try await Pipeline.run(more: ["INTAKE_SHARDS": "\(shards)"]) { pipeline in
            let service = try pipeline[.geocode]
            let topology = pipeline.topology
            let management = pipeline.broker.management
            let policy = "\(topology.prefix)-limit"
            try await management.setDeliveryLimit(
                limit, pattern: "^\(topology.prefix)\\.geocode(\\.shard\\.[0-9]+)?$", policy: policy)

            // A window full of messages, the killer in the middle, for a service that is not there yet.
            try await service.kill()
            let neighbours = (0..<20).map { HelpRequest.covered("neighbour-\($0)") }
            var jobs: [String] = []
            for request in neighbours.prefix(10) { jobs.append(try await pipeline.api.submit(request)) }
            let poisoned = try await pipeline.api.submit(.covered("poison"))
            for request in neighbours.suffix(10) { jobs.append(try await pipeline.api.submit(request)) }
            try await eventually("all wait") {
                try await pipeline.ready(.geocode, shards: shards).reduce(0, +) == 21
            }

            // A supervisor that starts it again however often it dies.
            var deaths = 0
            while try await management.queue(topology.deadQueue(.geocode))?.isEmpty != false {
                try await service.relaunch(["FAILURE_POINT": "stage.received=\"poison\""])
                try await eventually("it dies, or the killer is out of the way") {
                    if await service.hasEnded { return true }
                    return try await management.queue(topology.deadQueue(.geocode))?.isEmpty == false
                }
                if await service.hasEnded { deaths += 1 }
                try #require(deaths < 20)
            }
            if await service.hasEnded { try await service.restart() }
            #expect(deaths >= limit)
            try await pipeline.awaitTold(neighbours.map(\.providerRequestId))
            try await pipeline.awaitCompleted(jobs)
            #expect(try await management.messages(in: topology.deadQueue(.geocode)).count == 1)
            let failed = try await eventually("the job has failed") {
                let answer = try await pipeline.api.get(poisoned)
                return answer.status == 400 ? answer : nil
            }
            #expect(String(decoding: failed.body, as: UTF8.self).contains("delivery_limit"))
            try await management.deletePolicy(policy)
        }
    }
}
