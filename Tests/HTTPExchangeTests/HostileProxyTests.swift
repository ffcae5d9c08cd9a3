import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport
import Testing

@testable import HTTPExchange

/// A proxy that answers `CONNECT` with anything: no guard stands there yet, only the library's own parser and state
/// machine.
@Suite(.timeLimit(.minutes(5))) struct HostileProxyTests {
    /// - Returns: the body of an answer with status 200; `nil` when there is none in time.
    private static func ask(_ client: HTTPClient, for patience: Duration) async -> String? {
        let deadline = NIODeadline.now() + TimeAmount(patience)
        // A name that only the proxy knows.
        var request = HTTPClientRequest(url: "http://partner.test/x")
        request.method = .POST
        guard let response = try? await client.execute(request, deadline: deadline), response.status == .ok else {
            return nil
        }
        let body = try? await response.body(upTo: 1 << 16, until: deadline)
        return body.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Each answer of the corpus, by many proxies at a time: most are waited for until the time is up.
    @Test func theClientLivesAndFindsTheWayWhenTheProxyIsWell() async throws {
        await withTaskGroup(of: Void.self) { group in
            for answers in 0..<24 {
                group.addTask {
                    for index in stride(from: answers, to: HostileAnswer.all.count, by: 24) {
                        await Self.survives(HostileAnswer.all[index])
                    }
                }
            }
        }
    }

    private static func survives(_ answer: HostileAnswer) async {
        do {
            try await HostilePeer.serving(answer, good: "well") { peer in
                var configuration = HTTPClient.Configuration.guarded()
                configuration.proxy = .server(host: "127.0.0.1", port: peer.port)
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
                _ = await ask(client, for: .seconds(1))
                peer.reform()
                // A connection that the proxy spoilt may be found to be so only now.
                var good = await ask(client, for: HostileAnswer.enough)
                if good != "well" { good = await ask(client, for: HostileAnswer.enough) }
                #expect(good == "well", "\(answer)")
                try await client.shutdown()
            }
        } catch {
            Issue.record(error, "\(answer)")
        }
    }
}
