import Testing

@testable import PartnerSimulator

@Suite struct MisbehaviourBooksTests {
    private let begin = ContinuousClock.now

    private func books(_ shares: String, times: Int = 1) throws -> MisbehaviourBooks {
        MisbehaviourBooks(MisbehaviourPlan(shares: try MisbehaviourShares(shares), seed: 1, times: times))
    }

    @Test func theFirstAttemptsAreTakenBadlyAndThoseAfterThemWell() throws {
        var books = try books("429=100%", times: 2)
        let taken = (0..<4).map { _ in books.arrived(0, key: "k", at: begin) }
        #expect(taken == [.tooManyRequests, .tooManyRequests, nil, nil])
        #expect((books[0].attempts, books[0].repeated) == (4, 3))
        #expect(books[1].behaviour == .tooManyRequests && books[1].attempts == 0)
    }

    @Test func anOutageSpendsNoMisbehaviour() throws {
        var books = try books("reset=100%,flap")
        #expect(books.arrived(0, key: nil, at: begin) == .flap)
        #expect(books.arrived(0, key: nil, at: begin + .seconds(5)) == .reset)
        #expect(books.arrived(0, key: nil, at: begin + .seconds(6)) == nil)
        #expect(books[0].behaviour == .reset && books[0].repeated == 0)
    }

    @Test func whoMeetsTheEndpointDownCountsAsFlap() throws {
        var books = try books("flap")
        #expect(books.arrived(0, key: "k", at: begin + .seconds(2)) == .flap)
        #expect(books.arrived(0, key: "k", at: begin + .seconds(5)) == nil)
        #expect(books.arrived(1, key: "l", at: begin + .seconds(5)) == nil)
        #expect(books[0].behaviour == .flap && books[1].behaviour == nil)
    }

    @Test func onlyTheSameCallbackAfterItsReceiptIsAViolation() throws {
        var books = try books("slow")
        _ = books.arrived(0, key: "k", at: begin)
        books.receipted(0, key: "k")
        _ = books.arrived(0, key: "sent again by hand", at: begin)
        #expect(books[0].violations.total == 0 && books[0].repeated == 0)
        _ = books.arrived(0, key: "k", at: begin)
        #expect(books[0].violations == .init(afterReceipt: 1))
    }

    @Test func aSecondAnswerIsAViolationEvenWhenTheFirstWasNotConfirmed() throws {
        var books = try books("lost-response")
        books.acted(0, on: true)
        books.acted(0, on: true)
        #expect(books[0].violations.total == 0)
        books.acted(0, on: false)
        books.redirectFollowed(0)
        #expect(books[0].violations == .init(redirectsFollowed: 1, otherAnswers: 1))
    }
}
