/// Which share of the requests a partner misbehaves at, and how: `error-in-200=10%,slow,flap`.
struct MisbehaviourShares: Sendable, Equatable {
    /// Percent of the requests, for a behaviour that is given without its share.
    static let defaultPercent = 5.0

    /// In percent; in the order of `Misbehaviour.allCases`, and without `flap`.
    private(set) var percents: [(behaviour: Misbehaviour, percent: Double)] = []
    /// Whether the whole endpoint goes down now and then.
    private(set) var flaps = false

    /// - Throws: `SimulationError`, which says what is wrong with the text.
    init(_ text: String) throws(SimulationError) {
        var given: [Misbehaviour: Double] = [:]
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (behaviour, percent) = try Self.parse(item)
            guard given.updateValue(percent ?? Self.defaultPercent, forKey: behaviour) == nil else {
                throw SimulationError("'\(behaviour.rawValue)' is given twice")
            }
        }
        flaps = given.removeValue(forKey: .flap) != nil
        percents = Misbehaviour.allCases.compactMap { behaviour in given[behaviour].map { (behaviour, $0) } }
        let sum = percents.reduce(0) { $0 + $1.percent }
        // Tenths add up to a little more than their sum.
        guard sum <= 100.000_001 else { throw SimulationError("the shares are more than 100% together") }
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

    private static func parse(_ item: Substring) throws(SimulationError) -> (Misbehaviour, percent: Double?) {
        let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingPrefix { $0 == " " } }
        let name = parts[0].split(separator: " ").joined()
        guard let behaviour = Misbehaviour(rawValue: name) else {
            throw SimulationError("'\(name)' is no way to misbehave; there are \(Misbehaviour.names)")
        }
        guard parts.count == 2 else { return (behaviour, nil) }
        guard behaviour != .flap else {
            throw SimulationError("flap takes no share: the whole endpoint is down for 3 s of every 10 s")
        }
        guard parts[1].last == "%", let percent = Double(parts[1].dropLast()), percent > 0, percent <= 100 else {
            throw SimulationError("the share of \(name) must look like 5% or 2.5%, above 0% and at most 100%")
        }
        return (behaviour, percent)
    }
}
