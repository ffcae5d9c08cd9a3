import Contracts
import Terminal

/// A way in which a partner can take a callback badly, by the name that `--misbehave` takes.
enum Misbehaviour: String, Sendable, Hashable, CaseIterable, Codable {
    /// Takes the callback, and closes the connection without an answer.
    case lostResponse = "lost-response"
    /// Does not take it, and says so under a status that means the contrary: 200 with `{"error":"unknown serial"}`.
    case errorIn200 = "error-in-200"
    /// Takes it, and answers when nobody waits any longer.
    case slow
    /// Does not take it, and asks for a second's peace.
    case tooManyRequests = "429"
    /// Reads the head, as far as it must to know which request this is, and resets the connection (RST).
    case reset
    /// The whole partner is down for a while, and again: it resets whatever comes. See `MisbehaviourPlan.isDown`.
    case flap
    /// Sends the caller elsewhere, with a 307. Nobody may follow: a callback carries the partner's authorization.
    case redirect
    /// Takes it, and answers 200 with more than anyone wants to read.
    case hugeBody = "huge-body"

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Which share of the requests a partner misbehaves at, and how: `error-in-200=10%,slow,flap`.
struct MisbehaviourShares: Sendable, Equatable {
    /// Percent of the requests, for a behaviour that is given without its share.
    static let defaultPercent = 5.0

    /// In percent; in the order of `Misbehaviour.allCases`, and without `flap`.
    private(set) var percents: [(behaviour: Misbehaviour, percent: Double)] = []
    /// Whether the whole endpoint goes down now and then.
    private(set) var flaps = false

    /// - Throws: `CommandError`, which says what is wrong with the text.
    init(_ text: String) throws(CommandError) {
        var given: [Misbehaviour: Double] = [:]
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (behaviour, percent) = try Self.parse(item)
            guard given.updateValue(percent ?? Self.defaultPercent, forKey: behaviour) == nil else {
                throw CommandError("'\(behaviour.rawValue)' is given twice")
            }
        }
        flaps = given.removeValue(forKey: .flap) != nil
        percents = Misbehaviour.allCases.compactMap { behaviour in given[behaviour].map { (behaviour, $0) } }
        let sum = percents.reduce(0) { $0 + $1.percent }
        // Tenths add up to a little more than their sum.
        guard sum <= 100.000_001 else { throw CommandError("the shares are more than 100% together") }
    }

    /// All that the run may show, in the order of the table.
    var behaviours: [Misbehaviour] {
        Misbehaviour.allCases.filter { behaviour in
            behaviour == .flap ? flaps : percents.contains { $0.behaviour == behaviour }
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.flaps == right.flaps && left.percents.elementsEqual(right.percents) { $0 == $1 }
    }

    private static func parse(_ item: Substring) throws(CommandError) -> (Misbehaviour, percent: Double?) {
        let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingPrefix { $0 == " " } }
        let name = parts[0].split(separator: " ").joined()
        guard let behaviour = Misbehaviour(rawValue: name) else {
            throw CommandError("'\(name)' is no way to misbehave; there are \(Misbehaviour.names)")
        }
        guard parts.count == 2 else { return (behaviour, nil) }
        guard behaviour != .flap else {
            throw CommandError("flap takes no share: the whole endpoint is down for 3 s of every 10 s")
        }
        guard parts[1].last == "%", let percent = Double(parts[1].dropLast()), percent > 0, percent <= 100 else {
            throw CommandError("the share of \(name) must look like 5% or 2.5%, above 0% and at most 100%")
        }
        return (behaviour, percent)
    }
}

/// How the simulated partner misbehaves in a run: the same requests in the same way for the same seed.
struct MisbehaviourPlan: Sendable, Equatable {
    var shares: MisbehaviourShares
    var seed: UInt64
    /// How many attempts at a request are misbehaved at; those after them are answered well, so that all end told.
    var times = 1
    /// When `slow` answers.
    var slowFor = Duration.seconds(20)
    /// How long an endpoint that flaps is down, from the beginning of each period.
    var downFor = Duration.seconds(3)
    var period = Duration.seconds(10)

    /// How the run's n-th request is misbehaved at; `nil` for those that are taken well.
    ///
    /// The positions are those of a golden-section (Weyl) sequence: they fill the shares as evenly as can be, so that a
    /// run of few requests shows each behaviour too.
    func behaviour(ofRequest index: Int) -> Misbehaviour? {
        var random = SeededGenerator(seed: seed)
        let position = random.next() &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        var left = Double(position >> 11) * 0x1p-53 * 100
        for (behaviour, percent) in shares.percents {
            if left < percent { return behaviour }
            left -= percent
        }
        return nil
    }

    /// Whether the endpoint is down, so long after the first callback came. It begins down, so that a short run shows
    /// it too.
    func isDown(after elapsed: Duration) -> Bool {
        guard shares.flaps, elapsed >= .zero else { return false }
        let periods = (elapsed / period).rounded(.down)
        return elapsed - period * periods < downFor
    }
}
