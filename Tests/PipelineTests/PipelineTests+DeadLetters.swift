import Contracts
import TestSupport
import Testing

extension PipelineTests {
    /// An undecodable message ends in its stage's dead queue, byte for byte, and the stage goes on.
    @Test
    func anUndecodableMessageEndsInItsStagesDeadQueue() async throws {
        try await Pipeline.run { pipeline in
            // No JSON, not even text; and JSON that is nobody's event.
            let bodies: [[UInt8]] = [[0xff, 0x00, 0xfe, 0x0a, 0x0d], Array(#"{"speak": "friend"}"#.utf8)]
            let management = pipeline.broker.management
            for stage in Stage.allCases {
                for body in bodies {
                    #expect(try await management.publish(body, routingKey: pipeline.topology.queue(stage)))
                }
            }
            for stage in Stage.allCases {
                let queue = pipeline.topology.deadQueue(stage)
                let dead = try await eventually("\(queue) has both", processes: await pipeline.processes) {
                    let found = try await management.messages(in: queue)
                    return found.count >= bodies.count ? found : nil
                }
                #expect(Set(dead.map(\.body)) == Set(bodies), "\(stage)")
                #expect(dead.allSatisfy { $0.headers[DeliveryHeader.deadReason] == DeadReason.undecodable.rawValue })
            }

            let job = try await pipeline.api.submit(.covered("after-the-garbage"))
            try await pipeline.awaitTold(["after-the-garbage"])
            try await pipeline.awaitCompleted([job])
            // And none has come back or multiplied on the way.
            for stage in Stage.allCases {
                let dead = try await management.messages(in: pipeline.topology.deadQueue(stage))
                #expect(dead.count == bodies.count, "\(stage)")
            }
        }
    }
}
