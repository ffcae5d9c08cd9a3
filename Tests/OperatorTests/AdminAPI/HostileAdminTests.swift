import Foundation
import NIOCore
import NIOHTTP1
import Terminal
import TestSupport
import Testing

@testable import Operator

/// Whatever answers where an admin listener should, the command lives, and says in one line what is wrong.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileAdminTests {
    @Test(arguments: HostileAnswer.all)
    func whatIsNoAnswerIsAnErrorAndTheNextCounts(answer: HostileAnswer) async throws {
        try await HostilePeer.serving(answer, good: "{}") { peer in
            let api = AdminAPI(base: peer.url, token: nil)
            let started = ContinuousClock.now
            let outcome = await Self.ask(api, for: answer.patience)
            // The timeout, and what a busy host adds.
            #expect(started.duration(to: .now) < answer.patience + .seconds(20))
            switch answer.meaning {
            case .good: #expect(throws: Never.self) { try outcome.get() }
            case .refusal, .none: #expect(throws: CommandError.self) { try outcome.get() }
            case .either: break
            }
            peer.reform()
            // A connection that the peer spoilt may be found to be so only now.
            var good = await Self.ask(api)
            if case .failure = good { good = await Self.ask(api) }
            let body = try good.get()
            #expect(body == Data("{}".utf8))
        }
    }

    private static func ask(
        _ api: AdminAPI, for patience: Duration = HostileAnswer.enough
    ) async -> Result<Data?, CommandError> {
        do throws(CommandError) {
            let body = Data(#"{"draft":true}"#.utf8)
            return .success(try await api.sendIfThere(.POST, "x", body: body, timeout: TimeAmount(patience)))
        } catch {
            return .failure(error)
        }
    }
}
