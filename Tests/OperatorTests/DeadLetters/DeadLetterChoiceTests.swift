import Broker
import Contracts
import Foundation
import Testing

@testable import Operator

@Suite struct DeadLetterChoiceTests {
    private let now = DeadFixture.diedAt + 3600

    @Test func whatWaitsIsSettledUpToItsNewestDeath() {
        let copy = DeadFixture.copy()
        let any = DeadLetterChoice()
        #expect(verdict(any, copy, nil) == .settle(diedAt: DeadFixture.diedAt))
        #expect(verdict(any, copy, DeadFixture.entry()) == .settle(diedAt: DeadFixture.diedAt))
        let later = DeadFixture.entry(diedAt: DeadFixture.diedAt + 5)
        #expect(verdict(any, copy, later) == .settle(diedAt: DeadFixture.diedAt + 5))
        // The broker's own dead letters don't say when they died.
        #expect(verdict(any, DeadFixture.copy(byBroker: true), nil) == .settle(diedAt: now))
    }

    @Test func onlyWhatIsMeantIsTouched() {
        let copy = DeadFixture.copy()
        #expect(verdict(DeadLetterChoice(ids: [UUID()]), copy, DeadFixture.entry()) == .leave)
        for id in [copy.messageID, DeadFixture.requestID.uuid] {
            #expect(verdict(DeadLetterChoice(ids: [id]), copy, nil) == .settle(diedAt: DeadFixture.diedAt))
        }
        #expect(verdict(DeadLetterChoice(reason: "permanent"), copy, nil) == .leave)
        #expect(verdict(DeadLetterChoice(reason: "out-of-attempts"), copy, nil) != .leave)
        // What the projection says is newer.
        var entry = DeadFixture.entry()
        entry.reason = "permanent"
        #expect(verdict(DeadLetterChoice(reason: "permanent"), copy, entry) != .leave)
    }

    @Test func aCopyOfWhatWasReplayedIsOnlyRemoved() {
        let copy = DeadFixture.copy()
        var entry = DeadFixture.entry()
        entry.resolution = .init(kind: "replayed", at: now, by: "ada", why: nil)
        #expect(verdict(DeadLetterChoice(), copy, entry) == .remove)
        // It died again since, and the projection does not know yet: by whatever clock it was replayed.
        entry.diedAt = DeadFixture.diedAt - 1
        #expect(verdict(DeadLetterChoice(), copy, entry) == .settle(diedAt: DeadFixture.diedAt))
        // Nobody knows when it died: better twice than never.
        entry.diedAt = now
        #expect(verdict(DeadLetterChoice(), DeadFixture.copy(byBroker: true), entry) == .settle(diedAt: now))
    }

    @Test func aSecondCopyInOneRunIsOnlyRemoved() {
        let choice = DeadLetterChoice()
        let verdict = choice.verdict(on: DeadFixture.copy(), nil, settledUntil: DeadFixture.diedAt, now: now)
        #expect(verdict == .remove)
        let newer = choice.verdict(on: DeadFixture.copy(), nil, settledUntil: DeadFixture.diedAt - 1, now: now)
        #expect(newer == .settle(diedAt: DeadFixture.diedAt))
    }

    @Test func whatIsToldIsNoWorkForAStageButForTheProjection() {
        let told = DeadFixture.entry(told: true)
        #expect(verdict(DeadLetterChoice(), DeadFixture.copy(), told) == .told(diedAt: DeadFixture.diedAt))
        #expect(
            verdict(DeadLetterChoice(), DeadFixture.copy(stage: .progress), told)
                == .settle(diedAt: DeadFixture.diedAt))
    }

    @Test func theCleanCopyIsTheMessageWithoutItsStory() {
        let clean = DeadFixture.copy().clean
        #expect(clean.body == DeadFixture.body)
        #expect(
            clean.properties.headers.fields.map(\.name) == ["cloudEvents:id", "cloudEvents:subject", "traceparent"])
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
        let canary = CanaryWatch.Canary(messageID: UUID(), stage: .decision, diedAt: DeadFixture.diedAt)
        func outcome(_ entry: DeadLetterEntry?) -> CanaryWatch.Outcome { CanaryWatch.outcome(of: canary, entry) }
        #expect(outcome(nil) == .waiting)
        // The news of the replay has not come yet.
        #expect(outcome(DeadFixture.entry()) == .waiting)
        let again = DeadFixture.entry(diedAt: DeadFixture.diedAt + 1)
        #expect(outcome(again) == .diedAgain(again))
        var replayed = DeadFixture.entry()
        replayed.resolution = .init(kind: "replayed", at: now, by: "ada", why: nil)
        #expect(outcome(replayed) == .waiting)
        replayed.job = .init(status: "in-progress", stage: .decision)
        #expect(outcome(replayed) == .waiting)
        replayed.job = .init(status: "in-progress", stage: .callback)
        #expect(outcome(replayed) == .movedOn)
        replayed.job = .init(status: "completed", stage: nil)
        #expect(outcome(replayed) == .movedOn)
    }

    private func verdict(
        _ choice: DeadLetterChoice, _ copy: DeadCopy, _ entry: DeadLetterEntry?
    ) -> DeadLetterChoice.Verdict {
        choice.verdict(on: copy, entry, settledUntil: nil, now: now)
    }
}
