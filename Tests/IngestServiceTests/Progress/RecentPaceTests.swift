import Contracts
import Foundation
import Testing

@testable import IngestService

@Suite struct RecentPaceTests {
    @Test func untilThereIsAnythingTheDefaultCounts() {
        #expect(RecentPace(initial: 7).retryAfter == 7)
        #expect(RecentPace(initial: 9000).retryAfter == 3600)
    }

    @Test func nineteenOfTwentyWereDoneByThen() {
        let pace = RecentPace(initial: 2)
        for second in 1...100 { pace.told(Fixture.id(), at: Fixture.now + Double(second)) }
        #expect(abs(pace.retryAfter - 92) <= 3, "as of the last 32nd: \(pace.retryAfter)")
    }

    @Test func itForgets() {
        let pace = RecentPace(initial: 2)
        for _ in 0..<512 { pace.told(Fixture.id(), at: Fixture.now + 1000) }
        #expect(pace.retryAfter == 1000)
        for _ in 0..<512 { pace.told(Fixture.id(), at: Fixture.now + 0.02) }
        #expect(pace.retryAfter == 1)
    }

    @Test func whatAPersonDecidedIsNoAdvice() {
        let pace = RecentPace(initial: 2)
        let reviewed = Fixture.id()
        pace.leaveOut(reviewed)
        pace.told(reviewed, at: Fixture.now + 3000)
        #expect(pace.retryAfter == 2)
        for _ in 0..<1000 { pace.leaveOut(Fixture.id()) }
        pace.told(Fixture.id(), at: Fixture.now + 9)
        #expect(pace.retryAfter == 9)
    }

    @Test func itStaysWithinItsBounds() {
        for seconds in [-5.0, 0, 1e12] {
            let pace = RecentPace(initial: 2)
            pace.told(Fixture.id(), at: Fixture.now + seconds)
            #expect(RecentPace.bounds.contains(pace.retryAfter))
        }
    }

    @Test func anIdTellsWhenItsRequestWasAccepted() {
        let date = Fixture.now + 0.123
        #expect(abs(Fixture.id(at: date).acceptedAt.timeIntervalSince(date)) < 0.0015)
        #expect(RequestID.lowerBound(Fixture.now) <= "\(Fixture.id(at: Fixture.now))")
        #expect("\(Fixture.id(at: Fixture.now - 0.001))" < RequestID.lowerBound(Fixture.now))
    }
}
