import AdminAPI
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

extension PipelineTests {
    /// A dead callback fails its job, is replayed, and the partner is told; another is discarded and stays failed.
    @Test
    func aDeadCallbackFailsItsJob() async throws {
        struct Job: Decodable {
            struct Failure: Decodable {
                struct Discard: Decodable { var why: String }
                var stage: String
                var discarded: Discard?
            }
            var error: Failure?
        }
        try await Pipeline.run { pipeline in
            var jobs: [String: String] = [:]
            _ = try await pipeline[.callback].terminate()
            for id in ["mended", "hopeless"] { jobs[id] = try await pipeline.api.submit(.covered(id)) }
            try await pipeline.buryCallbacks(2)
            for job in jobs.values {
                try await eventually("\(job) has failed", processes: await pipeline.processes) {
                    try await pipeline.api.get(job).status == 400
                }
            }
            func request(_ id: String) -> String { jobs[id]?.split(separator: "/").last.map(String.init) ?? "" }
            let list = try await pipeline.intake(["dead", "list"])
            #expect(list.status == .exited(0) && list.output.contains("out-of-attempts"), "\(list.output)")

            let replay = try await pipeline.intake(["dead", "replay", request("mended"), "--canary"])
            #expect(replay.status == .exited(0) && replay.output.contains("1 replayed"), "\(replay.output)")
            try await pipeline.awaitTold(["mended"])
            try await pipeline.awaitCompleted([try #require(jobs["mended"])])

            let garbage = Array("garbage".utf8)
            #expect(
                try await pipeline.broker.management.publish(garbage, routingKey: pipeline.topology.queue(.callback)))
            let id = DeadLetterID.of(EventMessage(headers: [:], body: garbage)).canonical
            try await eventually("it is dead", processes: await pipeline.processes) {
                try await pipeline.intake(["dead", "show", id]).status == .exited(0)
            }
            let again = try await pipeline.intake(["dead", "replay", id, "--canary"])
            #expect(again.status == .exited(1) && again.output.contains("died again"), "\(again.output)")

            let discard = try await pipeline.intake([
                "dead", "discard", request("hopeless"), "--why", "asked twice",
            ])
            #expect(discard.status == .exited(0), "\(discard.output)")
            try await eventually("the job shows it", processes: await pipeline.processes) {
                let answer = try await pipeline.api.get(try #require(jobs["hopeless"]))
                return try answer.json(Job.self).error?.discarded?.why == "asked twice"
            }
            let audit = try await pipeline.intake(["audit"])
            #expect(audit.status == .exited(0), "\(audit.output)")
            #expect(audit.output.contains("accepted = told + pending + review + dead holds"))
            try await eventually("the metrics agree", processes: await pipeline.processes) {
                let metrics = try await pipeline[.ingest].get("metrics").body
                return metrics.contains(#"state="dead"} 1"#) && metrics.contains(#"state="told"} 1"#)
            }
        }
    }

    /// A request that is nowhere is found by the audit, and brought back by its repair.
    @Test
    func aRequestThatIsNowhereIsFoundByTheAudit() async throws {
        try await Pipeline.run { pipeline in
            _ = try await pipeline[.decision].terminate()
            let job = try await pipeline.api.submit(.covered("lost"))
            let queue = pipeline.topology.queue(.decision)
            try await eventually("it waits for its decision") {
                try await pipeline.broker.management.queue(queue)?.ready == 1
            }
            let waiting = try await eventually("it counts as stuck") {
                let audit = try await pipeline.intake(["audit", "--stuck-after", "1s"])
                return audit.output.contains("1 stuck") ? audit : nil
            }
            #expect(waiting.status == .exited(0) && waiting.output.contains("nobody consumes"), "\(waiting.output)")

            // What no broker does by itself.
            try await pipeline.broker.management.deleteQueue(queue)
            try await pipeline[.decision].restart()
            try await eventually("the queue is declared anew", processes: await pipeline.processes) {
                try await pipeline.broker.management.queue(queue)?.consumers == 1
            }
            let found = try await pipeline.intake(["audit", "--stuck-after", "1s"])
            #expect(found.status == .exited(1) && found.output.contains("NOWHERE"), "\(found.output)")
            let repaired = try await pipeline.intake(["audit", "--stuck-after", "1s", "--repair"])
            #expect(repaired.status == .exited(0), "\(repaired.output)")
            #expect(repaired.output.contains("request.geocoded published again"), "\(repaired.output)")
            try await pipeline.awaitTold(["lost"])
            try await pipeline.awaitCompleted([job])
        }
    }

    /// One screen that says how all of it is, and an exit status for whoever watches.
    @Test
    func statusNamesWhatNeedsAPerson() async throws {
        struct Status: Decodable {
            struct Service: Decodable {
                var service: String
                var isReady: Bool
                var version: String?
            }
            struct Requests: Decodable {
                struct Total: Decodable { var told: Int }
                var total: Total
            }
            var services: [Service]
            var requests: Requests
            var needs: [String]
        }
        try await Pipeline.run { pipeline in
            let job = try await pipeline.api.submit(.covered("well"))
            try await pipeline.awaitCompleted([job])
            try await eventually("nothing needs a person", processes: await pipeline.processes) {
                try await pipeline.intake(["status"]).status == .exited(0)
            }
            let id = String(job.split(separator: "/").last ?? "")
            for words in [["well"], [id], [String(id.prefix(8))]] {
                let found = try await pipeline.intake(["requests", "find"] + words)
                #expect(found.status == .exited(0) && found.output.contains(id), "\(found.output)")
            }
            // By what only the index of words knows, which comes a moment later.
            try await eventually("it is found by its ZIP", processes: await pipeline.processes) {
                try await pipeline.intake(["requests", "find", "77002"]).output.contains(id)
            }
            for name in ["well", id] {
                let shown = try await pipeline.intake(["requests", "show", name])
                #expect(shown.status == .exited(0) && shown.output.contains("completed"), "\(shown.output)")
                #expect(shown.output.contains("accepted") && shown.output.contains("decided"), "\(shown.output)")
            }
            #expect(try await pipeline.intake(["requests", "find", "nobody-has-this"]).status == .exited(1))
            #expect(try await pipeline.intake(["requests", "show", "nobody-has-this"]).status != .exited(0))
            #expect(try await pipeline.intake(["callbacks", "attempts", "well"]).status == .exited(0))

            let well = try await pipeline.intake(["status", "--json"])
            let status = try JSONDecoder().decode(Status.self, from: Data(well.output.utf8))
            #expect(status.services.map(\.service) == ["ingest", "geocode", "decision", "callback"])
            #expect(status.services.allSatisfy { $0.isReady && $0.version != nil })
            #expect(status.requests.total.told == 1 && status.needs.isEmpty, "\(well.output)")

            let coverage = try #require(pipeline.environment["INTAKE_COVERAGE_FILE"])
            try "organizations: 7".write(toFile: coverage, atomically: true, encoding: .utf8)
            try await eventually("the failed reload shows", processes: await pipeline.processes) {
                let status = try await pipeline.intake(["status"])
                return status.status == .exited(1) && status.output.contains("decision: configuration: \(coverage)")
            }
            // The last good content is in force.
            #expect(try await pipeline[.decision].get("health/ready").status == 200)
            _ = try await pipeline[.geocode].terminate()
            let ill = try await pipeline.intake(["status"])
            #expect(ill.status == .exited(1))
            #expect(ill.output.contains("geocode does not answer") && ill.output.contains("NO ANSWER"), "\(ill.output)")
        }
    }
}

extension PipelineTests {
    /// Each endpoint that is typed is served by the processes of its services: what no route takes has no JSON for an
    /// answer.
    @Test
    func everyEndpointOfTheAdminAPIsIsServed() async throws {
        try await Pipeline.run { pipeline in
            for service in AdminService.allCases {
                let process = try pipeline[try #require(ServiceName(rawValue: "\(service.rawValue)-service"))]
                func ask(_ method: String, _ path: String) async throws -> (status: Int, body: ByteBuffer) {
                    var request = HTTPClientRequest(url: "http://127.0.0.1:\(process.adminPort)\(path)")
                    request.method = HTTPMethod(rawValue: method)
                    request.headers.add(name: "content-type", value: "application/json")
                    if method != "GET" { request.body = .bytes(ByteBuffer(string: "{}")) }
                    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                    return (Int(response.status.code), try await response.body.collect(upTo: 64 * 1024 * 1024))
                }
                let nowhere = try await ask("GET", "\(AdminRoute.root)/nothing/here")
                #expect(nowhere.status == 404 && nowhere.body.readableBytes == 0)
                for route in AdminCatalogue.routes(of: service) {
                    let path = route.path.replacing(/{[a-z]+}/, with: "nothing")
                    let answer = try await ask(route.method.rawValue, "\(AdminRoute.root)/\(path)")
                    let json = try? JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
                    #expect(json is [String: Any], "\(route): \(answer.status)")
                }
            }
        }
    }
}

extension Pipeline {
    /// Lets the messages that wait for their callbacks die as if the partner had refused for days, and starts the
    /// service again.
    fileprivate func buryCallbacks(_ count: Int) async throws {
        let queue = topology.callbackQueue(of: Self.provider)
        try await eventually("the callbacks wait") {
            try await broker.management.queue(queue)?.ready == count
        }
        let waiting = try await broker.management.messages(in: queue)
        try await broker.management.deleteQueue(queue)
        try await self[.callback].restart()
        for message in waiting {
            var headers = message.headers
            headers[DeliveryHeader.stage] = Stage.callback.rawValue
            headers[DeliveryHeader.deadReason] = DeadReason.outOfAttempts.rawValue
            headers[DeliveryHeader.errorCode] = "http-503"
            headers[DeliveryHeader.errorMessage] = "The partner answered 503."
            headers[DeliveryHeader.lastFailedAt] = Timestamp.string(Date())
            let isTaken = try await broker.management.publish(
                message.body, exchange: topology.dead, routingKey: Stage.callback.rawValue, headers: headers)
            #expect(isTaken)
        }
    }

    /// Runs `intake` to its end.
    func intake(_ arguments: [String]) async throws -> IntakeCommand {
        let log = "\(try TestDirectory.make("intake"))/output"
        let process = try ChildProcess(
            name: "intake", command: [Repository.executable("intake")] + arguments,
            environment: [
                "INTAKE_BROKER_URL": operatorsURL, "INTAKE_TOPOLOGY_PREFIX": topology.prefix,
                "INTAKE_INGEST_ADMIN_URL": "http://127.0.0.1:\(try self[.ingest].adminPort)",
                "INTAKE_GEOCODE_ADMIN_URL": "http://127.0.0.1:\(try self[.geocode].adminPort)",
                "INTAKE_DECISION_ADMIN_URL": "http://127.0.0.1:\(try self[.decision].adminPort)",
                "INTAKE_CALLBACK_ADMIN_URL": "http://127.0.0.1:\(try self[.callback].adminPort)",
            ], logPath: log)
        return try await IntakeCommand(process)
    }
}
