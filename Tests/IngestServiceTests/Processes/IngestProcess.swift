import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import PostgreSQL
import TestSupport

@testable import IngestService

/// A real IngestService without a broker: it takes requests all the same.
struct IngestProcess: Sendable {
    static let token = "test"
    let port: Int
    let service: ServiceUnderTest

    /// - Parameter store: the SQLite file or the URL of a PostgreSQL database, which several may share.
    init(_ directory: String, store: String, more: [String: String] = [:]) throws {
        let providers = "\(directory)/providers.yaml"
        try """
        providers:
          portal:
            organization: relief-org
            tokens: [{sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}]
        """.write(toFile: providers, atomically: true, encoding: .utf8)
        let ports = try FreePorts.take(2)
        port = ports[0]
        let environment = [
            "INTAKE_HTTP_PORT": "\(port)", "INTAKE_PROVIDERS_FILE": providers,
            PostgresAddress.isURL(store) ? "INTAKE_STORE_URL" : "INTAKE_STORE_PATH": store,
            // Nobody listens there.
            "INTAKE_BROKER_URL": "amqp://guest:guest@127.0.0.1:\(ports[1])/",
        ]
        service = try ServiceUnderTest(
            "ingest-service", environment: environment.merging(more) { _, new in new }, directory: directory)
    }

    func post(_ body: Data, scheme: String = "http", client: HTTPClient = .shared) async throws -> Int {
        var request = HTTPClientRequest(url: "\(scheme)://127.0.0.1:\(port)/api/requests")
        request.method = .POST
        request.headers = ["authorization": "Bearer \(Self.token)", "content-type": "application/json"]
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await client.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }
}
