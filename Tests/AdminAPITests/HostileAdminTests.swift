import AdminAPI
import AdminCalls
import Foundation
import TestSupport
import Testing

/// Whatever answers where an admin listener should, the client lives, and the next answer counts.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileAdminTests {
    private static let good = #"{"coverageVersion":"v1","outcomes":[]}"#

    @Test(arguments: HostileAnswer.all)
    func whatIsNoAnswerIsAnErrorAndTheNextCounts(answer: HostileAnswer) async throws {
        try await HostilePeer.serving(answer, good: Self.good) { peer in
            let api = AdminClient(base: peer.url, token: nil)
            let started = ContinuousClock.now
            let outcome = await Self.ask(api, for: answer.patience)
            // The timeout, and what a busy host adds.
            #expect(started.duration(to: .now) < answer.patience + .seconds(20))
            switch (answer.meaning, outcome) {
            // Whatever it says, it was an answer.
            case (.good, .failure(.unreachable)), (.good, .failure(.problem)), (.refusal, .success), (.none, .success):
                Issue.record("\(answer): \(outcome)")
            default: break
            }
            peer.reform()
            // A connection that the peer spoilt may be found to be so only now.
            var good = await Self.ask(api)
            if case .failure = good { good = await Self.ask(api) }
            let understood = try good.get()
            #expect(understood.coverageVersion == "v1")
        }
    }

    private static func ask(
        _ api: AdminClient, for patience: Duration = HostileAnswer.enough
    ) async -> Result<DecidePlaces.Answer, AdminFailure> {
        let call = DecidePlaces.call(of: "x", body: .init(places: [], on: nil))
        do throws(AdminFailure) { return .success(try await api.send(call, timeout: patience)) } catch {
            return .failure(error)
        }
    }
}
