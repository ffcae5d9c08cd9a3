import Contracts
import Foundation
import TestSupport
import Testing

/// Stages that are split into several queues.
extension PipelineTests {
    /// Requests are spread over the shards and told; status, dead letters, waits and replays count all of them.
    @Test(.timeLimit(.minutes(4)))
    func stagesInThreeShards() async throws {
        let nominatim = NominatimUnderTest()
        try await nominatim.serving { port in
            try await Pipeline.run(geocoders: Self.file(port), more: ["INTAKE_SHARDS": "3"]) { pipeline in
                let topology = pipeline.topology
                let decision = try pipeline[.decision]
                #expect(try await decision.terminate().status == .exited(0))
                var jobs = try await pipeline.submit((0..<30).map { "spread-\($0)" })
                // Each request in one of the queues, and in no two.
                try await eventually("all wait in the shards", processes: [await pipeline.broker.childProcess]) {
                    let ready = try await pipeline.ready(.decision, shards: 3)
                    return ready.reduce(0, +) == 30 && ready.allSatisfy { $0 > 0 }
                }
                let status = try await pipeline.intake(["status"])
                #expect(status.output.contains(#/decision +30 +0 +0 +0/#), "\(status.output)")
                for queue in ["queue", "shard \(topology.shard(2, of: .decision))"] {
                    #expect(status.output.contains("nobody consumes the \(queue) of decision: "), "\(status.output)")
                }
                try await decision.restart()
                try await pipeline.awaitTold((0..<30).map { "spread-\($0)" })
                #expect(await pipeline.partner.callbacks.values.allSatisfy { $0.count == 1 })

                // One waits for its place, and comes back; it may wait in any shard.
                await nominatim.beAway(true)
                var patient = HelpRequest.covered("patient")
                patient.address = "2 Bagby St"
                jobs.append(try await pipeline.api.submit(patient))
                try await eventually("its place is asked for again", processes: [await pipeline.broker.childProcess]) {
                    try await pipeline.broker.management.queue(topology.retryQueue(.geocode, .seconds(5)))?.ready == 1
                }
                await nominatim.beAway(false)
                try await pipeline.awaitTold(["patient"])

                // What dies in a shard is among the stage's dead letters, and is replayed and discarded from there.
                let garbage = Array("garbage".utf8)
                let id = DeadLetterID.of(EventMessage(headers: [:], body: garbage)).canonical
                let shard = topology.shard(3, of: .decision)
                #expect(try await pipeline.broker.management.publish(garbage, routingKey: shard))
                try await eventually("it is dead", processes: [await pipeline.broker.childProcess]) {
                    try await pipeline.intake(["dead", "show", id]).status == .exited(0)
                }
                let again = try await pipeline.intake(["dead", "replay", id, "--canary"])
                #expect(again.status == .exited(1) && again.output.contains("died again"), "\(again.output)")
                let discard = try await pipeline.intake(["dead", "discard", id, "--why", "garbage"])
                #expect(discard.status == .exited(0), "\(discard.output)")
                try await pipeline.awaitCompleted(jobs)
                try await pipeline.awaitEmptyQueues()
            }
        }
    }

    /// From one queue to three shards, and to five, service by service while requests come: each is told once, and none
    /// is lost. What waited in the one queue is decided as well.
    @Test(.timeLimit(.minutes(5)))
    func shardsGrowWhileRequestsCome() async throws {
        try await Pipeline.run { pipeline in
            // These wait in the stage's only queue when it becomes the first of three.
            #expect(try await pipeline[.decision].terminate().status == .exited(0))
            let early = (0..<20).map { "early-\($0)" }
            var jobs = try await pipeline.submit(early)
            try await eventually("they wait", processes: [await pipeline.broker.childProcess]) {
                try await pipeline.ready(.decision, shards: 1) == [20]
            }
            var ids = early
            for shards in [3, 5] {
                let isGrown = Gate()
                async let coming = pipeline.submit("grow-\(shards)", until: isGrown)
                for name in [ServiceName.decision, .geocode, .ingest] {
                    let service = try pipeline[name]
                    if await !service.hasEnded { #expect(try await service.terminate().status == .exited(0)) }
                    try await service.relaunch(["INTAKE_SHARDS": "\(shards)"])
                    try await service.awaitReady()
                }
                for stage in Stage.allCases where Topology.canBeSharded(stage) {
                    try await eventually("\(stage) is consumed", processes: [await pipeline.broker.childProcess]) {
                        try await pipeline.consumers(stage, shards: shards).allSatisfy { $0 == 1 }
                    }
                }
                isGrown.open()
                let new = try await coming
                ids += new.keys
                jobs += new.values
            }
            #expect(ids.count > 40, "requests have come while services were changed")
            try await pipeline.awaitTold(ids, within: .seconds(120))
            try await pipeline.awaitCompleted(jobs, within: .seconds(60))
            try await pipeline.awaitEmptyQueues()
            let told = await pipeline.partner.callbacks
            #expect(told.count == ids.count && told.values.allSatisfy { $0.map(\.acceptance) == [true] })

            // Nothing leads past the shards any more: what comes now is decided once.
            let before = try await pipeline[.decision].handled(.decision)
            let late = (0..<20).map { "late-\($0)" }
            jobs = try await pipeline.submit(late)
            try await pipeline.awaitTold(late)
            try await pipeline.awaitCompleted(jobs)
            try await pipeline.awaitEmptyQueues()
            #expect(try await pipeline[.decision].handled(.decision) - before == 20)
        }
    }

    /// A process that is configured for one queue, beside one for three shards: it contradicts nothing, and when it is
    /// alone it consumes all three. So nobody's queue is left behind by who shrinks.
    @Test(.timeLimit(.minutes(4)))
    func whoIsConfiguredForFewerConsumesAllThatAreThere() async throws {
        try await Pipeline.run { pipeline in
            let first = try pipeline[.decision]
            // It has stood for a while when the shards come.
            let three = try pipeline.replica(of: .decision, more: ["INTAKE_SHARDS": "3"])
            try await three.awaitReady()
            try await eventually("both consume all", processes: [await first.childProcess]) {
                try await pipeline.consumers(.decision, shards: 3) == [2, 2, 2]
            }
            #expect(await first.log().contains("There are more shards than configured"))

            // Another one that comes only now.
            let late = try pipeline.replica(of: .decision)
            try await late.awaitReady()
            try await eventually("all three consume all", processes: [await late.childProcess]) {
                try await pipeline.consumers(.decision, shards: 3) == [3, 3, 3]
            }
            var jobs = try await pipeline.submit((0..<30).map { "beside-\($0)" })
            try await pipeline.awaitTold((0..<30).map { "beside-\($0)" })
            var handled = 0
            for service in [first, three, late] { handled += try await service.handled(.decision) }
            #expect(handled == 30, "none is decided twice")

            // The shards are left to those that are configured for one queue, one of which is new.
            try await three.kill()
            try await late.kill()
            #expect(try await first.terminate().status == .exited(0))
            try await first.restart()
            jobs += try await pipeline.submit((0..<30).map { "alone-\($0)" })
            try await pipeline.awaitTold((0..<30).map { "alone-\($0)" })
            try await pipeline.awaitCompleted(jobs)
            #expect(await pipeline.partner.callbacks.values.allSatisfy { $0.count == 1 })
            #expect(try await first.handled(.decision) == 30)
        }
    }

    /// A request's second message comes to another shard than its first did, and before it: which of the two is newer
    /// is told by what they say, not by their order.
    @Test(.timeLimit(.minutes(3)))
    func aStepThatOvertakesTheOneBeforeInAnotherShard() async throws {
        try await Pipeline.run { pipeline in
            let job = try await pipeline.api.submit(.covered("overtaken"))
            try await pipeline.awaitTold(["overtaken"])
            try await pipeline.awaitCompleted([job])
            let path = job.replacing("/jobs/", with: "/requests/")
            let ingest = try pipeline[.ingest]
            let callback = try pipeline[.callback]
            await pipeline.partner.hold()
            #expect(try await pipeline.api.patch(path, #"{"status": "scheduled"}"#).status == 200)
            try await eventually("the step is under way", processes: [await callback.childProcess]) {
                await pipeline.partner.held == 1
            }
            #expect(try await ingest.terminate().status == .exited(0))
            await pipeline.partner.release()
            try await eventually("its fact waits", processes: [await pipeline.broker.childProcess]) {
                try await pipeline.ready(.progress, shards: 1)[0] > 0
            }
            // They come again through every shard, behind those of the step after it.
            let facts = try await pipeline.broker.management.messages(in: pipeline.topology.queue(.progress))
            try await ingest.relaunch(["INTAKE_SHARDS": "3"])
            try await ingest.awaitReady()
            try await eventually("all is consumed", processes: [await ingest.childProcess]) {
                try await pipeline.consumers(.progress, shards: 3) == [1, 1, 1]
            }
            #expect(try await pipeline.api.patch(path, #"{"status": "canceled"}"#).status == 200)
            try await eventually("the newest step is told", processes: [await pipeline.broker.childProcess]) {
                await pipeline.partner.callbacks["overtaken"]?.last?.status == "canceled"
            }
            func shown() async throws -> [String] {
                var texts: [String] = []
                for path in [path, "\(job)?redirect=no"] {
                    texts.append(String(decoding: try await pipeline.api.get(path).body, as: UTF8.self))
                }
                return texts
            }
            try await eventually("and shown", processes: [await ingest.childProcess]) {
                try await shown()[1].contains(#""status":"delivered""#)
            }
            let (before, handled) = (try await shown(), try await ingest.handled(.progress))
            #expect(before[0].contains(#""sequence":3"#))
            for fact in facts {
                for shard in 1...3 {
                    #expect(
                        try await pipeline.broker.management.publish(
                            fact.body, routingKey: pipeline.topology.shard(shard, of: .progress),
                            headers: fact.headers))
                }
            }
            try await eventually("all have been looked at", processes: [await ingest.childProcess]) {
                try await ingest.handled(.progress) == handled + 3 * facts.count
            }
            let after = try await shown()
            #expect(after == before, "an older fact changes nothing")
        }
    }

    /// Without the plug-in, services that are to have shards say what to do; those without need none.
    @Test(.timeLimit(.minutes(3)))
    func aBrokerWithoutThePlugin() async throws {
        let node = try await BrokerNode.start(plugins: "rabbitmq_management")
        let directory = try TestDirectory.make("no-plugin")
        let environment = ["INTAKE_BROKER_URL": node.url, "INTAKE_TOPOLOGY_PREFIX": "plain"]
        let plain = try ServiceUnderTest("geocode-service", environment: environment, directory: directory)
        try await plain.awaitReady()
        let sharded = try ServiceUnderTest(
            "geocode-service", environment: environment.merging(["INTAKE_SHARDS": "3"]) { $1 },
            directory: try TestDirectory.make("no-plugin"))
        let line =
            "the broker has no exchanges of the type x-consistent-hash: "
            + "rabbitmq-plugins enable rabbitmq_consistent_hash_exchange"
        try await eventually("it says so", processes: [await sharded.childProcess]) {
            // Nobody listens yet.
            guard let answer = try? await sharded.get("health/ready") else { return false }
            return answer.status == 503 && answer.body.contains(line)
        }
        #expect(await sharded.log().split(separator: "\n").contains { $0.contains(" warning ") && $0.contains(line) })
        let declare = try await IntakeCommand(
            ChildProcess(
                name: "intake", command: [Repository.executable("intake"), "topology", "declare", "--shards", "3"],
                environment: environment, logPath: "\(directory)/intake.log"))
        #expect(declare.status == .exited(1) && declare.output.contains(line), "\(declare.output)")
        #expect(try await plain.get("health/ready").status == 200, "who has no shards is not disturbed")
        for service in [plain, sharded] { try await service.kill() }
        try await node.kill()
    }

    /// Where services may not declare, definitions of more shards are loaded, and the services take the ways past them
    /// away.
    @Test(.timeLimit(.minutes(4)))
    func shardsOfServicesThatMayNotDeclare() async throws {
        let deployed = try await DeployedBroker.start(Topology(prefix: "own"))
        try await Pipeline.run(deployed: deployed) { pipeline in
            var jobs = [try await pipeline.api.submit(.covered("before"))]
            try await pipeline.awaitTold(["before"])
            // A service that comes before the definitions do says what is missing.
            let decision = try pipeline[.decision]
            #expect(try await decision.terminate().status == .exited(0))
            try await decision.relaunch(["INTAKE_SHARDS": "3"])
            let line = "exchange \(deployed.topology.shardMark) is not on the broker: load the definitions"
            try await eventually("it says so", processes: [await decision.childProcess]) {
                guard let answer = try? await decision.get("health/ready") else { return false }
                return answer.status == 503 && answer.body.contains(line)
            }
            try await deployed.grow(to: 3)
            try await decision.awaitReady()
            for name in [ServiceName.geocode, .ingest] {
                #expect(try await pipeline[name].terminate().status == .exited(0))
                try await pipeline[name].relaunch(["INTAKE_SHARDS": "3"])
                try await pipeline[name].awaitReady()
            }
            for stage in Stage.allCases where Topology.canBeSharded(stage) {
                try await eventually("\(stage) is consumed", processes: [await pipeline.broker.childProcess]) {
                    try await pipeline.consumers(stage, shards: 3) == [1, 1, 1]
                }
            }
            let before = try await decision.handled(.decision)
            jobs += try await pipeline.submit((0..<30).map { "after-\($0)" })
            try await pipeline.awaitTold((0..<30).map { "after-\($0)" })
            try await pipeline.awaitCompleted(jobs)
            #expect(await pipeline.partner.callbacks.values.allSatisfy { $0.count == 1 })
            #expect(try await decision.handled(.decision) - before == 30)
            try await pipeline.awaitEmptyQueues()
        }
        #expect(try await deployed.node.stop() == .exited(0))
    }
}

extension Pipeline {
    /// Posts requests that are covered, four at a time.
    /// - Returns: the jobs' paths.
    fileprivate func submit(_ ids: [String]) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            var jobs: [String] = []
            for (index, id) in ids.enumerated() {
                if index >= 4, let job = try await group.next() { jobs.append(job) }
                group.addTask { try await api.submit(.covered(id)) }
            }
            for try await job in group { jobs.append(job) }
            return jobs
        }
    }

    /// Posts requests one after the other until the gate is open.
    /// - Returns: the jobs' paths by the requests' ids.
    fileprivate func submit(_ name: String, until gate: Gate) async throws -> [String: String] {
        var jobs: [String: String] = [:]
        while !gate.isOpen {
            let id = "\(name)-\(jobs.count)"
            jobs[id] = try await api.submit(.covered(id))
        }
        return jobs
    }

    private func figures(_ stage: Stage, _ shards: Int) async throws -> [QueueFigures] {
        var all: [QueueFigures] = []
        for number in 1...shards {
            guard let figures = try await broker.management.queue(topology.shard(number, of: stage)) else { continue }
            all.append(figures)
        }
        return all
    }

    /// How many messages wait in each shard of a stage.
    func ready(_ stage: Stage, shards: Int) async throws -> [Int] {
        try await figures(stage, shards).map { $0.ready ?? 0 }
    }

    /// How many consumers each has; fewer entries while some are not there.
    fileprivate func consumers(_ stage: Stage, shards: Int) async throws -> [Int] {
        let figures = try await figures(stage, shards)
        return figures.count == shards ? figures.map { $0.consumers ?? 0 } : [0]
    }
}

extension ServiceUnderTest {
    /// How many messages of a stage it has handled.
    fileprivate func handled(_ stage: Stage) async throws -> Int {
        let line = try await get("metrics").body.split(separator: "\n").first {
            $0.hasPrefix("intake_stage_messages_total{") && $0.contains(#"stage="\#(stage.rawValue)""#)
                && $0.contains(#"outcome="done""#)
        }
        return Int(try #require(line?.split(separator: " ").last)) ?? 0
    }
}
