import Foundation
import TestSupport
import Testing

extension PipelineTests {
    /// The examples are all told what they should be, exactly once, and leave nothing behind.
    @Test
    func theExamplesAreAllToldWhatTheyShouldBe() async throws {
        struct Report: Decodable {
            var requests: Int
            var accepted: Int
            var toldYes: Int
            var toldNo: Int
            var stillWaiting: Int
            var wrong: Int
            var wrongIDs: [String]
            var duplicates: Int
            var unauthorized: Int
            var signatures: [String: Int]
        }
        // The command is the partner, so the shipped callbacks file must name its port and not our partner's.
        let port = try FreePorts.take(1)[0]
        try await Pipeline.run(files: .shipped(callbackPort: port)) { pipeline in
            let directory = try TestDirectory.make("simulate")
            let simulate = try ChildProcess(
                name: "intake simulate",
                command: [
                    Repository.executable("intake"), "simulate", "--url", "http://127.0.0.1:\(pipeline.api.port)",
                    "--callback-port", "\(port)", "--callback-authorization", "demo-partner-token",
                    "--signing-secret", "whsec_ZGVtby1zZWNyZXQtbm90LWZvci1wcm9kdWN0aW9uISE=",
                    "--requests", Repository.path("examples/requests.jsonl"),
                    "--expect", Repository.path("examples/expected.csv"), "--report", "\(directory)/report.json",
                ],
                logPath: "\(directory)/output")
            let status = try await simulate.end(within: .seconds(120))
            #expect(status == .exited(0), "\(simulate.logTail())")

            let content = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/report.json"))
            let report = try JSONDecoder().decode(Report.self, from: content)
            #expect(report.requests >= 60)
            #expect(report.accepted == report.requests)
            #expect(report.toldYes + report.toldNo == report.requests)
            #expect(report.toldYes > 0 && report.toldNo > 0)
            #expect(report.stillWaiting == 0)
            #expect(report.wrong == 0, "\(report.wrongIDs)")
            #expect(report.duplicates == 0)
            #expect(report.unauthorized == 0)
            #expect(report.signatures == ["verified": report.requests, "missing": 0, "wrong": 0])

            try await pipeline.awaitEmptyQueues()
            try await pipeline.expectEmptyQueuesAfterStop()
        }
    }
}
