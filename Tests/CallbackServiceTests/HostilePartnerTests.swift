import Contracts
import NIOCore
import TestSupport
import Testing

@testable import CallbackService

/// Whatever a partner answers, the process lives, nothing but a receipt counts, and the next attempt is made.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostilePartnerTests {
    @Test(arguments: HostileAnswer.all)
    func whatIsNoReceiptIsTriedAgain(answer: HostileAnswer) async throws {
        try await HostilePeer.serving(answer, good: "{}") { peer in
            let partner = try Partner.fixture(peer.url + "/{providerRequestId}", timeout: answer.patience)
            let patient = try Partner.fixture(peer.url + "/{providerRequestId}", timeout: HostileAnswer.enough)
            let url = peer.url + "/r-1"
            try await withClient { client in
                let started = ContinuousClock.now
                let outcome = await Self.tell(client, partner, url)
                // The timeout, and what a busy host adds.
                #expect(started.duration(to: .now) < answer.patience + .seconds(20))
                switch answer.meaning {
                case .good: #expect(throws: Never.self) { try outcome.get() }
                case .refusal, .none:
                    let failure = try #require(throws: DeliveryFailure.self) { try outcome.get() }
                    #expect(failure.verdict != .final)
                    if answer.meaning == .none { #expect(failure.status == nil || failure.status == 200) }
                case .either: break
                }
                peer.reform()
                // A connection that the partner spoilt may be found to be so only now.
                var good = await Self.tell(client, patient, url)
                if case .failure = good { good = await Self.tell(client, patient, url) }
                #expect(throws: Never.self) { try good.get() }
            }
        }
    }

    @Test func whatIsWrongWithAnAnswerIsSaid() async throws {
        for (status, sentence) in [
            ("000 x", "The partner's answer does not count: its status is below 100."),
            ("101 x", "The partner's answer does not count: it switches protocols unasked."),
            ("2x", "What the partner answered is not HTTP."),
        ] {
            let answer = HostileAnswer(status, .none, "HTTP/1.1 \(status)\r\n\r\n")
            try await HostilePeer.serving(answer, good: "") { peer in
                let partner = try Partner.fixture(peer.url + "/{providerRequestId}")
                try await withClient { client in
                    let outcome = await Self.tell(client, partner, peer.url + "/r-1")
                    let failure = try #require(throws: DeliveryFailure.self) { try outcome.get() }
                    #expect(failure.code == .badAnswer && failure.message == sentence)
                }
            }
        }
    }

    private static func tell(
        _ client: PartnerClient, _ partner: Partner, _ url: String
    ) async -> Result<Int, DeliveryFailure> {
        do throws(DeliveryFailure) {
            return .success(try await client.tell(partner, .fixture(url)).status)
        } catch {
            return .failure(error)
        }
    }
}
