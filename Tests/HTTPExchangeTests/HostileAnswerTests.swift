import AsyncHTTPClient
import Contracts
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import HTTPExchange

/// The client that all of Intake's clients are made of, against peers on real sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileAnswerTests {
    /// - Returns: the status and the body; `nil` when there was no whole answer in time.
    private static func ask(
        _ client: HTTPClient, _ url: String, for patience: Duration = HostileAnswer.enough
    ) async -> (status: Int, body: String)? {
        var request = HTTPClientRequest(url: url + "/x")
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: #"{"acceptance":true}"#))
        do {
            let deadline = NIODeadline.now() + TimeAmount(patience)
            let response = try await client.execute(request, deadline: deadline)
            let body = try await response.body(upTo: 1 << 16, until: deadline)
            return (Int(response.status.code), String(decoding: body.bytes, as: UTF8.self))
        } catch {
            return nil
        }
    }

    private static func withClient(_ body: (HTTPClient) async throws -> Void) async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .guarded())
        do {
            try await body(client)
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    @Test(arguments: HostileAnswer.all)
    func theClientLivesAndTakesTheNextGoodAnswer(answer: HostileAnswer) async throws {
        try await Self.withClient { client in
            try await HostilePeer.serving(answer, good: "well") { peer in
                let outcome = await Self.ask(client, peer.url, for: answer.patience)
                switch answer.meaning {
                case .good: #expect(outcome?.status == 200)
                case .refusal: #expect(outcome.map { $0.status >= 300 } == true)
                case .none: #expect(outcome == nil)
                case .either: break
                }
                peer.reform()
                // A connection that the peer spoilt may be found to be so only now.
                var good = await Self.ask(client, peer.url)
                if good?.body != "well" { good = await Self.ask(client, peer.url) }
                #expect(good?.body == "well")
            }
        }
    }

    /// What nobody has thought of: answers of the corpus cut, spliced and altered, by a seed that the failure names.
    @Test(arguments: 1...8) func noAlteredAnswerEndsTheProcess(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let seeds = HostileAnswer.all.map { Array(($0.early + $0.answer).prefix(2000)) }.filter { !$0.isEmpty }
        try await Self.withClient { client in
            for _ in 0..<125 {
                var answer = HostileAnswer("altered", .either, "", then: .close)
                answer.answer = Self.altered(seeds, &random)
                try await HostilePeer.serving(answer, good: "well") { peer in
                    _ = await Self.ask(client, peer.url)
                    peer.reform()
                    var good = await Self.ask(client, peer.url)
                    if good?.body != "well" { good = await Self.ask(client, peer.url) }
                    #expect(good?.body == "well", "seed \(seed): \(String(decoding: answer.answer, as: UTF8.self))")
                }
            }
        }
    }

    private static func altered(_ seeds: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 3))
            case 2: bytes.insert(contentsOf: (seeds.randomElement(using: &random) ?? []).suffix(80), at: place)
            case 3: bytes.insert(contentsOf: "\r\n 019-;:,\t\u{0}f".utf8.shuffled(using: &random).prefix(3), at: place)
            default: if place < bytes.count { bytes[place] = UInt8.random(in: 0x20...0x39, using: &random) }
            }
        }
        return bytes
    }

    /// The answer lies in the socket before the request is written, on a connection that is new.
    @Test func anAnswerThatWasThereBeforeTheRequestIsNoAnswer() async throws {
        let early = HostileAnswer(
            "early", .none, "", early: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let wasThere = Mutex(false)
        try await HostilePeer.serving(early, good: "") { peer in
            // On a thread of its own, so that it can be held up until the answer is there, unread; not for ever, as it
            // may have been read before there was a parser.
            let configuration = HTTPClient.Configuration.guarded { channel in
                let giveUp = ContinuousClock.now + .seconds(5)
                while !wasThere.withLock({ $0 }), .now < giveUp {
                    AnswerGuard.holdsUnread(channel).whenSuccess { isUnread in wasThere.withLock { $0 = isUnread } }
                }
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
            let outcome = await Self.ask(client, peer.url, for: .seconds(10))
            #expect(outcome == nil)
            if wasThere.withLock({ $0 }) { #expect(peer.requests == 0) }
            try await client.shutdown()
        }
        try await group.shutdownGracefully()
    }
}
