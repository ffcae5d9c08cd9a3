import Contracts
import NIOCore
import Testing

@testable import PartnerSimulator

@Suite struct LedgerTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> Ledger.Instant { start + .milliseconds(milliseconds) }

    private func request(_ id: String, expected: Bool? = nil) -> SimulatedRequest {
        SimulatedRequest(id: id, body: ByteBuffer(), expected: expected)
    }

    private func report(_ ledger: Ledger, _ ending: SimulationReport.Ending = .complete) -> SimulationReport {
        SimulationReport(ledger, ending: ending, elapsed: .seconds(1))
    }

    /// A ledger whose requests have been sent once, under the ids `r0`, `r1`, …
    private func sent(_ count: Int, expected: Bool? = nil) -> Ledger {
        var ledger = Ledger(count: count, at: start)
        for index in 0..<count { ledger.sending(index, request("r\(index)", expected: expected), at: at(0)) }
        return ledger
    }

    @Test func aRequestThatIsAcceptedAndToldIsFinished() {
        var ledger = sent(1)
        #expect(ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(5)) == .done)
        #expect(!ledger.isSettled)
        ledger.called(id: "r0", acceptance: true, at: at(50))
        #expect(ledger.isSettled)
        let report = report(ledger)
        #expect(report.accepted == 1)
        #expect(report.toldYes == 1)
        #expect(report.stillWaiting == 0)
        #expect(report.succeeded)
        #expect(report.acceptance.map { (4.9...5.1).contains($0.max) } == true)
        #expect(report.wholeWay.map { (49.9...50.1).contains($0.max) } == true)
    }

    /// It had to wait for its turn, since the answers before it were late.
    @Test func whatIsSentLateIsTimedFromWhenItWasDue() {
        var ledger = Ledger(count: 1, at: start)
        ledger.sending(0, request("r0"), at: at(300), due: at(100))
        _ = ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(310))
        ledger.called(id: "r0", acceptance: true, at: at(400))
        let report = report(ledger)
        #expect(report.acceptance.map { (209.0...211.0).contains($0.max) } == true)
        #expect(report.wholeWay.map { (299.0...301.0).contains($0.max) } == true)
        // Its second POST is a try of its own.
        ledger = Ledger(count: 1, at: start)
        ledger.sending(0, request("r0"), at: at(300), due: at(100))
        _ = ledger.answered(0, status: 503, location: nil, at: at(310))
        ledger.sending(0, request("r0"), at: at(500), due: at(100))
        _ = ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(510))
        #expect(self.report(ledger).acceptance.map { (9.0...11.0).contains($0.max) } == true)
    }

    @Test func aCallbackMayOvertakeThe202() {
        var ledger = sent(1)
        ledger.called(id: "r0", acceptance: false, at: at(3))
        #expect(!ledger.isSettled)
        #expect(ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(5)) == .done)
        #expect(ledger.isSettled)
        #expect(report(ledger).toldNo == 1)
        #expect(report(ledger).acceptance != nil)
    }

    @Test(arguments: [400, 401, 404, 409, 413, 422, 500])
    func aRefusalIsFinal(status: Int) {
        var ledger = sent(1)
        #expect(ledger.answered(0, status: status, location: "/api/jobs/1", at: at(5)) == .done)
        #expect(ledger.isSettled)
        #expect(report(ledger).refused == ["\(status)": 1])
        #expect(!report(ledger).succeeded)
    }

    @Test(arguments: [429, 502, 503, 504])
    func anOverloadIsTriedAgain(status: Int) {
        var ledger = sent(1)
        #expect(ledger.answered(0, status: status, location: nil, at: at(5)) == .sendAgain)
        #expect(!ledger.isSettled)
        ledger.sending(0, request("r0"), at: at(100))
        #expect(ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(110)) == .done)
        let report = report(ledger)
        #expect(report.accepted == 1)
        #expect(report.refused.isEmpty)
        // The 202 is timed from the POST that it answers.
        #expect(report.acceptance.map { (9.9...10.1).contains($0.max) } == true)
    }

    @Test func a409AfterALostAnswerIsOurOwnJob() {
        var ledger = sent(1)
        #expect(ledger.unanswered(0, "remote connection closed", at: at(5)) == .sendAgain)
        ledger.sending(0, request("r0"), at: at(100))
        #expect(ledger.answered(0, status: 409, location: "/api/jobs/1", at: at(110)) == .done)
        let report = report(ledger)
        #expect(report.accepted == 1)
        #expect(report.acceptance == nil)
        #expect(report.waiting == [.init(id: "r0", location: "/api/jobs/1")])
    }

    @Test func a409WithoutALocationIsARefusalEvenThen() {
        var ledger = sent(1)
        _ = ledger.unanswered(0, "read timeout", at: at(5))
        ledger.sending(0, request("r0"), at: at(100))
        #expect(ledger.answered(0, status: 409, location: nil, at: at(110)) == .done)
        #expect(report(ledger).refused == ["409": 1])
    }

    @Test func whatIsGivenUpIsCountedByItsLastTrouble() {
        var ledger = sent(3)
        _ = ledger.answered(0, status: 503, location: nil, at: at(5))
        ledger.gaveUp(0, at: at(6))
        _ = ledger.unanswered(1, "connection refused", at: at(5))
        ledger.gaveUp(1, at: at(6))
        _ = ledger.answered(2, status: 503, location: nil, at: at(5))
        _ = ledger.unanswered(2, "connection refused", at: at(6))
        ledger.gaveUp(2, at: at(7))
        #expect(ledger.isSettled)
        #expect(report(ledger).refused == ["503": 1])
        #expect(report(ledger).unanswered == ["connection refused": 2])
    }

    @Test func aCallbackProvesThatARequestWasAccepted() {
        var ledger = sent(2)
        _ = ledger.unanswered(0, "connection refused", at: at(5))
        ledger.gaveUp(0, at: at(6))
        ledger.called(id: "r0", acceptance: true, at: at(10))
        // The other's sender learns at its next failure that it may stop.
        ledger.called(id: "r1", acceptance: true, at: at(10))
        #expect(ledger.unanswered(1, "connection refused", at: at(11)) == .done)
        #expect(ledger.isSettled)
        #expect(report(ledger).accepted == 2)
        #expect(report(ledger).unanswered.isEmpty)
        #expect(ledger.progress == SimulationProgress(requests: 2, sent: 2, accepted: 2, told: 2))
    }

    @Test func repetitionsContradictionsAndStrangersAreToldApart() {
        var ledger = sent(1)
        _ = ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(1))
        ledger.called(id: "r0", acceptance: true, at: at(2))
        ledger.called(id: "r0", acceptance: true, at: at(3))
        #expect(report(ledger).succeeded)
        ledger.called(id: "r0", acceptance: false, at: at(4))
        ledger.called(id: "r1", acceptance: true, at: at(5))
        ledger.refusedCallback(.unauthorized)
        ledger.refusedCallback(.malformed)
        let report = report(ledger)
        #expect((report.toldYes, report.toldNo) == (1, 0))
        #expect((report.duplicates, report.contradictions, report.unexpected) == (1, 1, 1))
        #expect((report.unauthorized, report.malformed) == (1, 1))
        #expect(!report.succeeded)
        #expect(ledger.lastToldAt == at(2))
    }

    @Test func aWrongDecisionIsNamed() {
        var ledger = sent(2, expected: true)
        for index in 0..<2 { _ = ledger.answered(index, status: 202, location: nil, at: at(1)) }
        ledger.called(id: "r0", acceptance: true, at: at(2))
        ledger.called(id: "r1", acceptance: false, at: at(3))
        #expect(report(ledger).wrong == 1)
        #expect(report(ledger).wrongIDs == ["r1"])
        #expect(!report(ledger).succeeded)
    }

    @Test func whatWasNotSentCountsAsUnsent() {
        var ledger = Ledger(count: 3, at: start)
        ledger.sending(0, request("r0"), at: at(0))
        _ = ledger.answered(0, status: 202, location: "/api/jobs/1", at: at(1))
        let report = report(ledger, .interrupted)
        #expect((report.accepted, report.stillWaiting, report.unsent) == (1, 1, 2))
        #expect(!report.succeeded)
    }

    @Test func acceptedIsToldAndWaitingAtEveryMoment() {
        var random = SeededGenerator(seed: 7)
        var ledger = sent(40)
        for step in 0..<400 {
            let index = random.below(40)
            switch random.below(4) {
            case 0: _ = ledger.answered(index, status: [202, 400, 503][random.below(3)], location: nil, at: at(step))
            case 1: _ = ledger.unanswered(index, "read timeout", at: at(step))
            case 2: ledger.gaveUp(index, at: at(step))
            default: ledger.called(id: "r\(index)", acceptance: true, at: at(step))
            }
            let report = report(ledger)
            #expect(report.accepted == report.toldYes + report.toldNo + report.stillWaiting)
            let failed = report.refused.values.reduce(0, +) + report.unanswered.values.reduce(0, +)
            #expect(report.accepted + failed + report.unsent == 40)
        }
        for index in 0..<40 {
            ledger.gaveUp(index, at: at(500))
            ledger.called(id: "r\(index)", acceptance: true, at: at(501))
        }
        #expect(ledger.isSettled)
        #expect(report(ledger).toldYes == 40)
    }

    @Test func theRateIsFromTheFirstPostToTheLastCallback() {
        var ledger = sent(4)
        for index in 0..<4 {
            _ = ledger.answered(index, status: 202, location: nil, at: at(1))
            ledger.called(id: "r\(index)", acceptance: true, at: at(500 * (index + 1)))
        }
        #expect(report(ledger).toldPerSecond == 2)
    }
}
