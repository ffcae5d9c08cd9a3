import Yams

extension ProviderLimits {
    /// Keys of a provider in `providers.yaml`, all of them optional:
    ///
    /// ```yaml
    ///     rate: 50/s      # submissions in the long run, for each s, m or h; more are answered with 429
    ///     burst: 100      # submissions at once after a pause; a second's worth unless given
    ///     in_flight: 64   # submissions under way at once
    /// ```
    static let keys: Set<String> = ["rate", "burst", "in_flight"]

    /// - Parameters:
    ///   - fields: the provider's values by key.
    ///   - report: is told of each value that cannot be.
    static func read(_ fields: [String: Node], report: (Node, String) -> Void) -> ProviderLimits {
        var limits = ProviderLimits()
        if let node = fields["rate"] {
            limits.rate = node.scalar.flatMap { Rate($0.string) }
            if limits.rate == nil { report(node, "rate is not a number for each second, minute or hour: 50/s, 600/m") }
        }
        func count(_ key: String) -> Int? {
            guard let node = fields[key] else { return nil }
            guard let count = node.scalar.flatMap({ Int($0.string) }), (1...1_000_000).contains(count) else {
                report(node, "\(key) is not a whole number from 1 to 1000000")
                return nil
            }
            return count
        }
        limits.burst = count("burst")
        limits.inFlight = count("in_flight")
        if let node = fields["burst"], fields["rate"] == nil { report(node, "burst says nothing without rate") }
        return limits
    }
}

extension ProviderLimits.Rate {
    /// `50/s`, `600/m`, `10000/h`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count) else { return nil }
        switch parts[1] {
        case "s": self.init(count: count, per: .seconds(1))
        case "m": self.init(count: count, per: .seconds(60))
        case "h": self.init(count: count, per: .seconds(3600))
        default: return nil
        }
    }
}
