import Foundation
import Glibc
import TestSupport
import Testing

/// A service without the others: what its container sees of it.
///
/// A service alone.
@Suite
struct LoneServiceTests {
    /// A broker that is not there: told once, asked again and again, and in the health report.
    @Test
    func aBrokerThatIsNotThere() async throws {
        let lone = try LoneService(.geocode, ["INTAKE_LOG_LEVEL": "debug"])
        let service = try lone.start()
        let place = "127.0.0.1:\(lone.brokerPort)"
        let lines = try await eventually("it has tried four times", processes: [await service.childProcess]) {
            let lines = await service.log().split(separator: "\n").map(String.init)
            let attempts = lines.filter { $0.contains("Connection to the broker is down") }
            return attempts.count >= 8 ? attempts : nil
        }
        #expect(lines.allSatisfy { $0.contains(place) })
        // One for each of its two connections.
        #expect(lines.filter { $0.contains(" warning ") }.count == 2)

        let health = try await lone.health(of: service)
        #expect(health.status == .exited(1))
        #expect(health.output.contains("broker-consume: connect-failed: \(place): "))
        #expect(health.output.hasSuffix("intake geocode: not ready\n"))
        #expect(try await service.terminate().status == .exited(0))
    }

    /// A wrong password, and a virtual host that is not there: user and reason, never the password.
    @Test
    func aWrongPasswordAndAVirtualHostThatIsNotThere() async throws {
        let node = try await BrokerNode.shared()
        let place = "127.0.0.1:\(node.ports.amqp)"
        for (url, reason) in [
            ("amqp://intake-geocode:hunter2@\(place)/", "ACCESS_REFUSED"),
            ("amqp://guest:guest@\(place)/nowhere", "vhost nowhere not found"),
        ] {
            let lone = try LoneService(.geocode, ["INTAKE_BROKER_URL": url])
            let service = try lone.start()
            let user = url.contains("hunter2") ? "intake-geocode" : "guest"
            let problem = "access-refused: \(place), user \(user): "
            let report = try await eventually("it says so", processes: [await service.childProcess]) {
                let answer = try await service.get("health/ready")
                return answer.body.contains("broker-consume: \(problem)") ? answer : nil
            }
            #expect(report.status == 503)
            #expect(report.body.contains(reason))
            #expect(try await service.terminate().status == .exited(0))
            let log = await service.log()
            #expect(log.contains(problem) && log.contains(reason))
            #expect(!(log + report.body).contains("hunter2"))
        }
    }

    @Test
    func thePasswordsFileIsTheOneThatCounts() async throws {
        let node = try await BrokerNode.shared()
        let directory = try TestDirectory.make("password")
        try "guest\n".write(toFile: "\(directory)/broker-geocode", atomically: true, encoding: .utf8)
        let lone = try LoneService(
            .geocode,
            [
                "INTAKE_BROKER_URL": "amqp://guest@127.0.0.1:\(node.ports.amqp)/",
                "INTAKE_BROKER_PASSWORD_FILE": "\(directory)/broker-geocode",
                "INTAKE_TOPOLOGY_PREFIX": "lone-\(UUID().uuidString.prefix(8).lowercased())",
            ])
        let service = try lone.start()
        try await service.awaitReady()
        let health = try await lone.health(of: service)
        #expect(health.status == .exited(0))
        #expect(health.output.contains("broker-consume: ok\n"))
        #expect(try await service.terminate().status == .exited(0))
        for queue in try await node.management.queues().map(\.name) where queue.hasPrefix("lone-") {
            try await node.management.deleteQueue(queue)
        }
    }

    /// Health: nobody there, somebody else, no port.
    @Test(arguments: ServiceName.allCases)
    func healthNobodyThereSomebodyElse(_ name: ServiceName) async throws {
        let lone = try LoneService(name)
        let port = try FreePorts.take(1)[0]
        let nobody = try await lone.command(
            ["health"], ["INTAKE_ADMIN_PORT": "\(port)", "INTAKE_ADMIN_HOST": "0.0.0.0"])
        #expect(nobody.status == .exited(1))
        #expect(
            nobody.output
                == "intake \(name.short): nobody says at 127.0.0.1:\(port) whether it is ready: Connection refused\n")
        let free = try await lone.command(["health"], ["INTAKE_ADMIN_PORT": "0"])
        #expect(free.status == .exited(1))
        #expect(free.output.contains("INTAKE_ADMIN_PORT (admin.port): 0 "))
        let wrong = try await lone.command(["health"], ["INTAKE_ADMIN_PORT": "ninety"])
        #expect(wrong.status == .exited(78))
    }

    /// Health: the port is another service's.
    @Test func healthAnotherServiceAnswers() async throws {
        let geocode = try LoneService(.geocode).start()
        try await eventually("it lives", processes: [await geocode.childProcess]) {
            try await geocode.get("health/live").status == 200
        }
        let asked = try await LoneService(.ingest).health(of: geocode)
        #expect(asked.status == .exited(1))
        #expect(
            asked.output == "intake ingest: geocode answers at 127.0.0.1:\(geocode.adminPort), not ingest\n")
        #expect(try await geocode.terminate().status == .exited(0))
    }

    @Test(arguments: ServiceName.allCases)
    func versionHelpAndWhatIsNoArgument(_ name: ServiceName) async throws {
        let lone = try LoneService(name)
        let version = try await lone.command(["--version"])
        #expect(version.status == .exited(0) && version.output.hasPrefix("\(name.rawValue) "))
        let help = try await lone.command(["--help"])
        // Of ingest-service also what it does besides: two lines each.
        let lines = name == .ingest ? 7 : 3
        #expect(help.status == .exited(0) && help.output.split(separator: "\n").count == lines)
        let wrong = try await lone.command(["helth"])
        #expect(wrong.status == .exited(64) && wrong.output.hasPrefix("\(name.rawValue): wrong arguments\nusage: "))
        // All that it does is named.
        #expect(wrong.output.contains("ingest-service backup-store FILE") == (name == .ingest))
        #expect(wrong.output.contains("ingest-service copy-store ") == (name == .ingest))
    }

    /// The long start is a file that does not come to its end: a pipe.
    @Test(arguments: [SIGTERM, SIGINT])
    func sigtermIsHeardWhileTheConfigurationIsRead(_ signal: Int32) async throws {
        let pipe = "\(try TestDirectory.make("pipe"))/certificate.pem"
        try #require(mkfifo(pipe, 0o600) == 0)
        let service = try LoneService(.ingest, ["INTAKE_HTTP_TLS_CERTIFICATE": pipe, "INTAKE_HTTP_TLS_KEY": pipe])
            .start()
        // Can be opened as soon as the service reads.
        let writer = try await eventually("it reads its file", processes: [await service.childProcess]) {
            let descriptor = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return descriptor >= 0 ? descriptor : nil
        }
        defer { close(writer) }
        await service.childProcess.signal(signal)
        #expect(try await service.end(within: .seconds(5)) == .exited(0))
    }

    @Test(arguments: ServiceName.allCases)
    func sigtermWhileTheBrokerIsNotThereEndsEachServiceWith0(_ name: ServiceName) async throws {
        let service = try LoneService(name).start()
        try await eventually("it lives", processes: [await service.childProcess]) {
            try await service.get("health/live").status == 200
        }
        let end = try await service.terminate()
        #expect(end.status == .exited(0), "\(end.logTail)")
        #expect(end.took < .seconds(10))
    }
}

extension LoneService {
    /// What `health` says of a running one.
    func health(of service: ServiceUnderTest) async throws -> IntakeCommand {
        try await command(["health"], ["INTAKE_ADMIN_PORT": "\(service.adminPort)"])
    }
}
