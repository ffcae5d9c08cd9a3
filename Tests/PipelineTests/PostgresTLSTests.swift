import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// TLS to PostgreSQL, as the processes of the services that keep something there have it. Needs no broker.
@Suite(.serialized, .enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(3)))
struct PostgresTLSTests {
    /// What keeps something in PostgreSQL, and by which key it is told where.
    enum Keeper: String, CaseIterable, Sendable {
        case ingest = "store.url"
        case callback = "callback.state.url"

        var service: ServiceName { self == .ingest ? .ingest : .callback }

        var variable: String { "INTAKE_\(rawValue.uppercased().replacing(".", with: "_"))" }

        /// Whether a process can write what it keeps.
        func works(_ process: ServiceUnderTest) async throws -> Bool {
            switch self {
            case .ingest: return try await process.get("health/ready").body.contains("store: ok")
            case .callback:
                let path = "admin/providers/\(Pipeline.provider)/pause"
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(process.adminPort)/\(path)")
                request.method = .POST
                request.headers = ["content-type": "application/json"]
                request.body = .bytes(ByteBuffer(string: #"{"by": "Olu"}"#))
                let status = try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status
                return status == .ok
            }
        }
    }

    @Test(arguments: Keeper.allCases)
    func theRightServerIsBelieved(_ keeper: Keeper) async throws {
        let server = try await PostgresServer.startWithTLS()
        let url = server.tlsURL("postgres", authority: try server.authority())
        let process = try LoneService(keeper.service, [keeper.variable: url]).start()
        try await eventually("it works", processes: [await process.childProcess]) { try await keeper.works(process) }
        try await server.run(
            """
            DO $$ BEGIN
                ASSERT EXISTS (SELECT 1 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                    WHERE ssl AND application_name = 'intake'), 'nobody speaks TLS';
            END $$
            """)
        #expect(try await process.terminate().status == .exited(0))
    }

    @Test(arguments: Keeper.allCases)
    func anotherAuthoritysServerIsRefused(_ keeper: Keeper) async throws {
        let server = try await PostgresServer.startWithTLS()
        let other = try server.authority()
        try await server.crash()
        try await server.renewCertificates()
        try await server.restart()
        try await refuses(keeper, server.tlsURL("postgres", authority: other), "certificate verify failed")
    }

    @Test(arguments: Keeper.allCases)
    func aServerOfAnotherNameIsRefused(_ keeper: Keeper) async throws {
        let server = try await PostgresServer.startWithTLS()
        let url = server.tlsURL("postgres", host: "other.test", authority: try server.authority())
        try await refuses(keeper, url, #"does not match host name "other.test""#)
    }

    @Test(arguments: Keeper.allCases)
    func anAuthorityThatIsNotThereIsNamed(_ keeper: Keeper) async throws {
        let server = try await PostgresServer.startWithTLS()
        let url = server.tlsURL("postgres", authority: "/nonexistent/ca.pem")
        try await refuses(keeper, url, "/nonexistent/ca.pem")
    }

    /// 78, and one line with the reason.
    private func refuses(_ keeper: Keeper, _ url: String, _ reason: String) async throws {
        let end = try await LoneService(keeper.service, [keeper.variable: url]).fail()
        #expect(end.status == .exited(78))
        let start = "intake \(keeper.service.short): \(keeper.variable) (\(keeper.rawValue)): postgresql://"
        #expect(end.lines.count == 1 && end.lines[0].hasPrefix(start), "\(end.lines)")
        #expect(end.lines.allSatisfy { $0.contains(reason) }, "\(end.lines)")
    }

    /// A process that runs is not ended by it: the server is away for it until it is the right one again.
    @Test(arguments: Keeper.allCases)
    func aServerThatTurnsIntoAnotherIsAway(_ keeper: Keeper) async throws {
        let server = try await PostgresServer.startWithTLS()
        let authority = "\(try TestDirectory.make("authority"))/ca.pem"
        try FileManager.default.copyItem(atPath: try server.authority(), toPath: authority)
        let url = server.tlsURL("postgres", authority: authority)
        let process = try LoneService(keeper.service, [keeper.variable: url]).start()
        let child = await process.childProcess
        try await eventually("it works", processes: [child]) { try await keeper.works(process) }
        try await server.crash()
        try await server.renewCertificates()
        try await server.restart()
        try await eventually("it does not work", processes: [child]) { try await !keeper.works(process) }
        #expect(await process.log().contains("certificate verify failed"))
        #expect(await !process.hasEnded)
        // Its operator brings the new authority's certificate.
        try FileManager.default.removeItem(atPath: authority)
        try FileManager.default.copyItem(atPath: try server.authority(), toPath: authority)
        try await eventually("it works again", processes: [child]) { try await keeper.works(process) }
        #expect(try await process.terminate().status == .exited(0))
    }
}
