import Contracts
import TestSupport
import Testing

@testable import GeocodeService

/// Whatever a service answers, the process lives, and what it says next counts.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileGeocoderTests {
    @Test(arguments: HostileAnswer.all)
    func whatIsNoAnswerIsAFailureAndTheNextCounts(answer: HostileAnswer) async throws {
        try await HostilePeer.serving(answer, good: Bodies.found(.nominatim)) { peer in
            var entry = Asking.entry(.nominatim, url: peer.url)
            entry.timeout = answer.patience
            let started = ContinuousClock.now
            let outcome = try await Asking.ask(entry)
            // The timeout, and what a busy host adds.
            #expect(started.duration(to: .now) < answer.patience + .seconds(20))
            // None of these answers holds a place.
            #expect(outcome.match == nil)
            if answer.meaning == .none { #expect(outcome.failure != nil) }
            peer.reform()
            entry.timeout = HostileAnswer.enough
            #expect(try await Asking.ask(entry).match != nil)
        }
    }

    @Test func statusBelow100IsNoHTTP() async throws {
        let answer = HostileAnswer("000", .none, "HTTP/1.1 000 x\r\n\r\n")
        try await HostilePeer.serving(answer, good: "") { peer in
            let failure = try await Asking.ask(Asking.entry(.census, url: peer.url)).failure
            #expect(failure?.kind == .unreadable && failure?.code == "not-http")
            #expect(failure?.message == "The service's answer does not count: its status is below 100.")
        }
    }
}
