import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport

/// A Nominatim that finds every house, a little north of the middle of Houston for each that it has found before. It
/// notes when it was asked what.
actor NominatimUnderTest {
    struct Question: Sendable, Equatable {
        var at: ContinuousClock.Instant
        var street: String
        var userAgent: String?
    }

    private(set) var questions: [Question] = []
    private var isAway = false

    /// Answers 503 from now on, or no longer.
    func beAway(_ isAway: Bool) { self.isAway = isAway }

    /// Serves while `body` runs.
    nonisolated func serving(_ body: @Sendable (_ port: Int) async throws -> Void) async throws {
        let logger = Logger.silent
        let router = Router()
        router.get("search") { request, _ -> Response in
            let street = request.uri.queryParameters["street"].map(String.init) ?? ""
            let answer = await self.answer(street, request.headers[.userAgent])
            guard let answer else { return Response(status: .serviceUnavailable) }
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: answer)))
        }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Nobody waits for the port of a server that could not start.
                defer { continuation.finish() }
                try await group.run()
            }
            if let port = await ports.first(where: { _ in true }) { try await body(port) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func answer(_ street: String, _ userAgent: String?) -> String? {
        questions.append(Question(at: .now, street: street, userAgent: userAgent))
        guard !isAway else { return nil }
        let number = street.prefix { $0.isNumber }
        let latitude = 29.7566 + Double(questions.count) / 10_000
        return """
            [{"lat": "\(latitude)", "lon": "-95.3655", "category": "building", "type": "yes", "place_rank": 30,
              "osm_type": "way", "licence": "ODbL", "display_name": "\(street)",
              "address": {"house_number": "\(number)", "road": "Bagby Street", "city": "Houston", "state": "Texas",
              "ISO3166-2-lvl4": "US-TX", "postcode": "77002", "country_code": "us"}}]
            """
    }
}
