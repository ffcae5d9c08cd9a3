import Contracts
import Foundation
import TestSupport
import Testing

extension PipelineTests {
    /// Services with an account each that may not declare: requests are told, wait, die and are replayed.
    @Test(.timeLimit(.minutes(4)))
    func servicesWithAnAccountEachThatMayNotDeclare() async throws {
        let deployed = try await DeployedBroker.start(Topology(prefix: "own"))
        let nominatim = NominatimUnderTest()
        try await nominatim.serving { port in
            try await Pipeline.run(deployed: deployed, geocoders: Self.file(port)) { pipeline in
                let plain = try await pipeline.api.submit(.covered("plain"))
                try await pipeline.awaitTold(["plain"])
                #expect(await !nominatim.questions.isEmpty, "the geocode service has had its turn")

                // Waits for a callback; and for its place.
                await pipeline.partner.answer("stubborn", with: [500, 500])
                let stubborn = try await pipeline.api.submit(.covered("stubborn"))
                await nominatim.beAway(true)
                var elsewhere = HelpRequest.covered("elsewhere")
                elsewhere.address = "2 Bagby St"
                let patient = try await pipeline.api.submit(elsewhere)
                try await eventually("its place is asked for again", processes: await pipeline.processes) {
                    try await pipeline.broker.management.queue(pipeline.topology.retryQueue(.geocode, .seconds(5)))?
                        .ready == 1
                }
                await nominatim.beAway(false)
                try await pipeline.awaitTold(["stubborn", "elsewhere"])
                try await pipeline.awaitCompleted([plain, stubborn, patient])

                // Dies in the callback stage, and is replayed; and in the decision stage, and is discarded.
                await pipeline.partner.answer("hopeless", with: [410])
                let hopeless = try await pipeline.api.submit(.covered("hopeless"))
                try await eventually("its job has failed", processes: await pipeline.processes) {
                    try await pipeline.api.get(hopeless).status == 400
                }
                let list = try await pipeline.intake(["dead", "list"])
                #expect(list.status == .exited(0), "\(list.output)")
                // By the partner's own id, and by the partner.
                let show = try await pipeline.intake(["dead", "show", "hopeless"])
                #expect(show.status == .exited(0) && show.output.contains("http-410"), "\(show.output)")
                let none = try await pipeline.intake(["dead", "replay", "--provider", "other"])
                #expect(none.status == .exited(0) && none.output.contains("0 replayed"), "\(none.output)")
                let unsure = try await pipeline.intake(
                    ["dead", "discard", "--provider", Pipeline.provider, "--why", "gone"])
                #expect(unsure.status == .exited(1) && unsure.output.contains("say --yes"), "\(unsure.output)")
                let replay = try await pipeline.intake(["dead", "replay", "--provider", Pipeline.provider])
                #expect(replay.status == .exited(0) && replay.output.contains("1 replayed"), "\(replay.output)")
                #expect(replay.output.contains("callback  permanent  1"), "\(replay.output)")
                try await pipeline.awaitTold(["hopeless"])
                try await pipeline.awaitCompleted([hopeless])
                let garbage = Array("garbage".utf8)
                let queue = pipeline.topology.queue(.decision)
                #expect(try await pipeline.broker.management.publish(garbage, routingKey: queue))
                let id = DeadLetterID.of(EventMessage(headers: [:], body: garbage)).canonical
                try await eventually("it is dead", processes: await pipeline.processes) {
                    try await pipeline.intake(["dead", "show", id]).status == .exited(0)
                }
                let again = try await pipeline.intake(["dead", "replay", id, "--canary"])
                #expect(again.status == .exited(1) && again.output.contains("died again"), "\(again.output)")
                let discard = try await pipeline.intake(["dead", "discard", id, "--why", "garbage"])
                #expect(discard.status == .exited(0), "\(discard.output)")
                try await pipeline.awaitEmptyQueues()
            }
        }
        #expect(try await deployed.node.stop() == .exited(0))
    }

    /// A service that may not declare says which queue is missing, and is ready once it is there.
    @Test
    func aServiceThatMayNotDeclareSaysWhichQueueIsMissing() async throws {
        let broker = try await BrokerNode.shared()
        let topology = Topology(prefix: "missing-\(UUID().uuidString.prefix(8).lowercased())")
        let directory = try TestDirectory.make("missing")
        let environment = ["INTAKE_BROKER_URL": broker.url, "INTAKE_TOPOLOGY_PREFIX": topology.prefix]
        let checking = try ServiceUnderTest(
            "geocode-service", environment: environment.merging(["INTAKE_TOPOLOGY_DECLARE": "false"]) { $1 },
            directory: directory)
        let line =
            "exchange \(topology.events) is not on the broker: "
            + "load the definitions, or let services declare: INTAKE_TOPOLOGY_DECLARE=true"
        try await eventually("it says so", processes: [await checking.childProcess]) {
            // Nobody listens yet.
            guard let answer = try? await checking.get("health/ready") else { return false }
            return answer.status == 503 && answer.body.contains(line)
        }
        #expect(await checking.log().contains(line))
        let declaring = try ServiceUnderTest("geocode-service", environment: environment, directory: directory)
        try await declaring.awaitReady()
        try await checking.awaitReady()
        for service in [declaring, checking] { try await service.kill() }
        for queue in topology.declarations.queues { try await broker.management.deleteQueue(queue.name) }
    }
}
