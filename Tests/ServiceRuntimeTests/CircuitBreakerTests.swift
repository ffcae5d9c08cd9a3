import Testing

@testable import ServiceRuntime

@Suite struct CircuitBreakerTests {
    private let start = ContinuousClock.now
    private var generator = SystemRandomNumberGenerator()

    /// Brings one attempt's result.
    private mutating func attempt(
        _ breaker: inout CircuitBreaker, _ report: StageFailure.EndpointReport, at now: ContinuousClock.Instant
    ) throws -> CircuitBreaker.Change? {
        let begun = breaker.begin(at: now)
        let ticket = try #require(begun)
        return breaker.end(ticket, report, at: now, using: &generator)
    }

    @Test mutating func itOpensAtTheTenthFailureAndNotBefore() throws {
        var breaker = CircuitBreaker(at: start)
        for _ in 0..<9 { #expect(try attempt(&breaker, .failed, at: start) == nil) }
        #expect(breaker.isClosed && breaker.nextProbe == nil)
        #expect(try attempt(&breaker, .failed, at: start) == .opened(attempts: 10, failures: 10))
        #expect(!breaker.isClosed)
        let wait = start.duration(to: try #require(breaker.nextProbe))
        #expect(wait >= .seconds(4) && wait <= .seconds(5))
    }

    @Test mutating func itOpensAtSevenOfTenAndNotBelow() throws {
        var breaker = CircuitBreaker(at: start)
        for _ in 0..<30 { _ = try attempt(&breaker, .answered, at: start) }
        for _ in 0..<69 { #expect(try attempt(&breaker, .failed, at: start) == nil) }
        #expect(try attempt(&breaker, .failed, at: start) == .opened(attempts: 100, failures: 70))
    }

    @Test mutating func whatIsOlderThanTheWindowDoesNotCount() throws {
        var breaker = CircuitBreaker(at: start)
        for _ in 0..<1000 { _ = try attempt(&breaker, .answered, at: start) }
        for _ in 0..<9 { #expect(try attempt(&breaker, .failed, at: start + .seconds(299)) == nil) }
        #expect(try attempt(&breaker, .failed, at: start + .seconds(304)) == nil, "within a slice of the window's end")
        #expect(
            try attempt(&breaker, .failed, at: start + .seconds(305)) == .opened(attempts: 11, failures: 11))
    }

    @Test mutating func silenceProvesNothing() throws {
        var breaker = CircuitBreaker(at: start)
        for _ in 0..<100 { #expect(try attempt(&breaker, .silent, at: start) == nil) }
        for _ in 0..<9 { _ = try attempt(&breaker, .failed, at: start) }
        #expect(breaker.isClosed)
        _ = try attempt(&breaker, .failed, at: start)
        let probeAt = try #require(breaker.nextProbe)
        #expect(try attempt(&breaker, .silent, at: probeAt) == nil)
        #expect(breaker.nextProbe == probeAt, "another one may probe at once")
    }

    @Test mutating func probesWaitLongerEachTimeAndOneThatIsAnsweredClosesIt() throws {
        var breaker = CircuitBreaker(at: start)
        for _ in 0..<10 { _ = try attempt(&breaker, .failed, at: start) }
        var now = start
        for expected in [5, 10, 20, 40, 80, 160, 300, 300] {
            let probeAt = try #require(breaker.nextProbe)
            #expect(now.duration(to: probeAt) >= .seconds(expected) * 0.8)
            #expect(now.duration(to: probeAt) <= .seconds(expected))
            #expect(breaker.begin(at: probeAt - .milliseconds(1)) == nil)
            now = probeAt
            #expect(try attempt(&breaker, .failed, at: now) == nil)
        }
        now = try #require(breaker.nextProbe)
        #expect(try attempt(&breaker, .answered, at: now) == .closed)
        #expect(breaker.isClosed)
        // It starts with a clean slate.
        for _ in 0..<9 { #expect(try attempt(&breaker, .failed, at: now) == nil) }
        #expect(try attempt(&breaker, .failed, at: now) == .opened(attempts: 10, failures: 10))
    }

    @Test mutating func whatWasUnderWayWhenItOpenedDoesNotCloseIt() throws {
        var breaker = CircuitBreaker(at: start)
        let tickets = (0..<12).compactMap { _ in breaker.begin(at: start) }
        #expect(tickets.count == 12)
        for ticket in tickets.prefix(10) { _ = breaker.end(ticket, .failed, at: start, using: &generator) }
        #expect(breaker.end(tickets[10], .answered, at: start, using: &generator) == nil)
        #expect(!breaker.isClosed)
        let begun = breaker.begin(at: start + .seconds(5))
        let probe = try #require(begun)
        #expect(breaker.end(tickets[11], .answered, at: start + .seconds(5), using: &generator) == nil)
        #expect(!breaker.isClosed && breaker.begin(at: start + .seconds(60)) == nil, "the probe is still under way")
        #expect(breaker.end(probe, .answered, at: start + .seconds(60), using: &generator) == .closed)
    }

    /// What the breaker should do, said with every attempt remembered.
    private struct Model {
        var isOpen = false
        var probes = 0
        var attempts: [(slice: Int, isFailure: Bool)] = []

        mutating func opens(_ report: StageFailure.EndpointReport, slice: Int) -> Bool {
            guard report != .silent else { return false }
            attempts.append((slice, report == .failed))
            let recent = attempts.filter { $0.slice >= slice - CircuitBreaker.slices }
            let failures = recent.count { $0.isFailure }
            return report == .failed && recent.count >= 10 && failures * 10 >= recent.count * 7
        }
    }

    @Test(arguments: 0..<200)
    mutating func anyHistoryOpensItExactlyByTheRuleAndNeverHasTwoProbes(round: Int) throws {
        var breaker = CircuitBreaker(at: start)
        var model = Model()
        var seconds = 0.0
        var open: [(ticket: CircuitBreaker.Ticket, life: Int)] = []
        var life = 0
        let failing = Double.random(in: 0.3...1, using: &generator)
        for _ in 0..<600 {
            seconds +=
                Double.random(in: 0...1, using: &generator) < 0.02
                ? Double.random(in: 0...400, using: &generator) : Double.random(in: 0...2, using: &generator)
            let now = start + .seconds(seconds)
            if Bool.random(using: &generator) || open.isEmpty {
                guard let ticket = breaker.begin(at: now) else {
                    #expect(model.isOpen)
                    continue
                }
                #expect(ticket.isProbe == model.isOpen)
                if ticket.isProbe { model.probes += 1 }
                #expect(model.probes <= 1)
                open.append((ticket, life))
                continue
            }
            let (ticket, itsLife) = open.remove(at: Int.random(in: 0..<open.count, using: &generator))
            let report: StageFailure.EndpointReport =
                Double.random(in: 0...1, using: &generator) < 0.1
                ? .silent : Double.random(in: 0...1, using: &generator) < failing ? .failed : .answered
            let change = breaker.end(ticket, report, at: now, using: &generator)
            if ticket.isProbe {
                model.probes -= 1
                #expect((change == .closed) == (report == .answered))
                if change == .closed {
                    model = Model()
                    life += 1
                }
            } else if model.isOpen || itsLife != life {
                #expect(change == nil)
            } else {
                let opens = model.opens(report, slice: Int((seconds / 5).rounded(.down)))
                #expect((change != nil) == opens)
                model.isOpen = opens
            }
            #expect(breaker.isClosed == !model.isOpen)
        }
    }
}
