import Contracts
import Foundation
import TestSupport
import Testing

extension PipelineTests {
    /// Whoever `notify` names hears of a partner that is away, that it is back, and of a dead letter; over the broker,
    /// under the accounts of a deployment, although the receiver itself is away at first.
    @Test(.timeLimit(.minutes(4)))
    func peopleAreToldOfTrouble() async throws {
        let deployed = try await DeployedBroker.start(Topology(prefix: "alerts"))
        let requests = Recorder<TestConnection.Request>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer(requests.all.count == 1 ? "503 Busy" : "204 No Content")
            }
        } _: { receiver in
            try await Pipeline.run(deployed: deployed, files: .texasNotifying(port: receiver.port)) { pipeline in
                await pipeline.partner.answerAll(with: 404)
                let ids = (1...12).map { "trouble-\($0)" }
                for id in ids { _ = try await pipeline.api.submit(.covered(id)) }
                try await eventually("people know of it", processes: await pipeline.processes) {
                    Self.told(requests.all) == ["endpoint.degraded", "endpoint.degraded"]
                }
                await pipeline.partner.answerAll(with: nil)
                try await pipeline.awaitTold(ids)
                try await eventually("people know of its end", processes: await pipeline.processes) {
                    Self.told(requests.all).last == "endpoint.recovered"
                }
                await pipeline.partner.answer("hopeless", with: [410])
                let job = try await pipeline.api.submit(.covered("hopeless"))
                try await eventually("people know of a dead letter", processes: await pipeline.processes) {
                    Self.told(requests.all).last == "message.dead"
                }
                try await eventually("its job has failed", processes: await pipeline.processes) {
                    try await pipeline.api.get(job).status == 400
                }
                #expect(Self.told(requests.all).count == 4)
                #expect(requests.all[0].headers["webhook-id"] == requests.all[1].headers["webhook-id"])
                // Nobody but the recipient hears of its own trouble.
                let dead = try await pipeline.broker.management.messages(in: pipeline.topology.deadQueue(.callback))
                #expect(dead.count == 1)
            }
        }
        #expect(try await deployed.node.stop() == .exited(0))
    }

    private static func told(_ requests: [TestConnection.Request]) -> [String] {
        struct Body: Decodable { var type: String }
        return requests.compactMap { try? JSONDecoder().decode(Body.self, from: Data($0.body.utf8)).type }
    }
}
