import AdminAPI
import Broker
import Contracts
import DeadLetters
import Foundation
import Testing

@testable import Operator

@Suite struct DeadLetterChoiceTests {
    private let now = DeadFixture.diedAt + 3600

    @Test func whatWaitsIsSettledUpToItsNewestDeath() {
        let copy = DeadFixture.copy()
        let any = DeadLetterChoice()
        #expect(verdict(any, copy, nil) == .settle(DeadFixture.death()))
        #expect(verdict(any, copy, DeadFixture.entry()) == .settle(DeadFixture.death()))
        let later = DeadFixture.entry(diedAt: DeadFixture.diedAt + 5)
        #expect(verdict(any, copy, later) == .settle(DeadFixture.death(after: 5)))
        // The broker's own dead letters don't say when they died.
        #expect(verdict(any, DeadFixture.copy(byBroker: true), nil) == .settle(DeadFixture.death(after: 3600)))
    }

    @Test func onlyWhatIsMeantIsTouched() {
        let copy = DeadFixture.copy()
        #expect(verdict(DeadLetterChoice(ids: [UUID()]), copy, DeadFixture.entry()) == .leave)
        for id in [copy.messageID, DeadFixture.requestID.uuid] {
            #expect(verdict(DeadLetterChoice(ids: [id]), copy, nil) == .settle(DeadFixture.death()))
        }
        #expect(verdict(DeadLetterChoice(provider: "other"), copy, DeadFixture.entry()) == .leave)
        #expect(verdict(DeadLetterChoice(provider: "portal"), copy, nil) == .settle(DeadFixture.death()))
        #expect(verdict(DeadLetterChoice(reason: "permanent"), copy, nil) == .leave)
        #expect(verdict(DeadLetterChoice(reason: "out-of-attempts"), copy, nil) != .leave)
        // What the projection says is newer.
        var entry = DeadFixture.entry()
        entry.reason = "permanent"
        #expect(verdict(DeadLetterChoice(reason: "permanent"), copy, entry) != .leave)
    }

    @Test func aCopyOfWhatWasReplayedIsOnlyRemoved() {
        let copy = DeadFixture.copy(replays: 2)
        for clock in [-315_360_000.0, -3600, 0, 3600, 315_360_000] {
            // Whatever the clock of the host says that gave up the letter which the projection has.
            var entry = DeadFixture.entry(diedAt: DeadFixture.diedAt + clock, replays: 2)
            entry.resolution = .init(kind: "replayed", at: now, by: "ada", replays: 2)
            #expect(verdict(DeadLetterChoice(), copy, entry) == .remove)
            #expect(verdict(DeadLetterChoice(), DeadFixture.copy(byBroker: true, replays: 2), entry) == .remove)
            // It died again since, and the projection does not know yet.
            guard case .settle(let death) = verdict(DeadLetterChoice(), DeadFixture.copy(replays: 3), entry) else {
                Issue.record("a letter that died again was removed")
                return
            }
            #expect(death.replays == 3)
            // The projection knows a death that this copy is not of.
            entry.resolution = nil
            entry.replays = 5
            guard case .settle(let newest) = verdict(DeadLetterChoice(), copy, entry) else { return }
            #expect(newest.replays == 5)
        }
    }

    @Test func whatAnEarlierVersionReplayedIsToldByItsTime() {
        let copy = DeadFixture.copy()
        var entry = DeadFixture.entry()
        entry.resolution = .init(kind: "replayed", at: now, by: "ada")
        #expect(verdict(DeadLetterChoice(), copy, entry) == .remove)
        // It died again since, and the projection does not know yet.
        entry.diedAt = DeadFixture.diedAt - 1
        #expect(verdict(DeadLetterChoice(), copy, entry) == .settle(DeadFixture.death()))
        // Nobody knows when it died: better twice than never.
        entry.diedAt = now
        #expect(
            verdict(DeadLetterChoice(), DeadFixture.copy(byBroker: true), entry)
                == .settle(DeadFixture.death(after: 3600)))
    }

    @Test func aSecondCopyInOneRunIsOnlyRemoved() {
        let choice = DeadLetterChoice()
        for copy in [DeadFixture.copy(replays: 1), DeadFixture.copy(byBroker: true, replays: 1)] {
            let same = choice.verdict(on: copy, nil, settled: DeadFixture.death(1, after: -9), now: now)
            #expect(same == .remove)
            guard
                case .settle(let death) = choice.verdict(
                    on: copy, nil, settled: DeadFixture.death(0, after: 9), now: now)
            else {
                Issue.record("a letter that died again was removed")
                return
            }
            #expect(death.replays == 1)
        }
    }

    @Test func whatIsToldIsNoWorkForAStageButForTheProjection() {
        let told = DeadFixture.entry(told: true)
        #expect(verdict(DeadLetterChoice(), DeadFixture.copy(), told) == .told(DeadFixture.death()))
        #expect(
            verdict(DeadLetterChoice(), DeadFixture.copy(stage: .progress), told)
                == .settle(DeadFixture.death()))
    }

    @Test func theCleanCopyIsTheMessageWithoutItsStory() {
        let clean = DeadFixture.copy().clean(replays: 1)
        #expect(clean.body == DeadFixture.body)
        #expect(
            clean.properties.headers.fields.map(\.name)
                == ["cloudEvents:id", "cloudEvents:subject", "traceparent", "intake-callback-replays"])
        #expect(DeadCopy(clean, stage: .callback).replays == 1 && DeadCopy(clean, stage: .geocode).replays == 0)
        #expect(clean.properties.messageID == "kept" && clean.properties.contentType == "application/json")
        #expect(clean.properties.expiration == nil && clean.properties.isPersistent)
    }

    @Test func theBatchesGrow() {
        var batches = CanaryBatches()
        let sizes = (0..<10).map { _ in
            defer { batches.advance() }
            return batches.size
        }
        #expect(sizes == [1, 2, 5, 20, 50, 200, 500, 1000, 1000, 1000])
    }

    @Test func aCanaryHasMovedOnOrDiedOrNeither() {
        let canary = CanaryWatch.Canary(messageID: UUID(), stage: .decision, death: DeadFixture.death(1))
        func outcome(_ entry: DeadLetterEntry?) -> CanaryWatch.Outcome { CanaryWatch.outcome(of: canary, entry?.known) }
        #expect(outcome(nil) == .waiting)
        // The news of the replay has not come yet.
        #expect(outcome(DeadFixture.entry()) == .waiting)
        // By the clock of whichever host.
        let again = DeadFixture.entry(diedAt: DeadFixture.diedAt - 3600, replays: 2)
        #expect(outcome(again) == .diedAgain(again.known))
        var replayed = DeadFixture.entry()
        replayed.resolution = .init(kind: "replayed", at: now, by: "ada")
        #expect(outcome(replayed) == .waiting)
        replayed.job = DeadFixture.job("in-progress", .decision)
        #expect(outcome(replayed) == .waiting)
        replayed.job = DeadFixture.job("in-progress", .callback)
        #expect(outcome(replayed) == .movedOn)
        replayed.job = DeadFixture.job("completed", nil)
        #expect(outcome(replayed) == .movedOn)
    }

    private func verdict(
        _ choice: DeadLetterChoice, _ copy: DeadCopy, _ entry: DeadLetterEntry?
    ) -> DeadLetterChoice.Verdict {
        choice.verdict(on: copy, entry?.known, settled: nil, now: now)
    }
}
