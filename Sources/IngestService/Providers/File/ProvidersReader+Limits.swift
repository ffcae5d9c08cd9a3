import Contracts
import ServiceRuntime
import Yams

/// How much a provider may send.
extension ProvidersReader {
    static let limitKeys = ["rate", "burst", "in_flight"]

    mutating func limits(_ fields: [String: Node], at path: String) -> ProviderLimits {
        var limits = ProviderLimits()
        if let node = fields["rate"] {
            limits.rate = node.scalar.flatMap { ProviderLimits.Rate($0.string) }
            if limits.rate == nil {
                report("\(path).rate", node, "is not a number for each second, minute or hour: 50/s, 600/m")
            }
        }
        limits.burst = count(fields["burst"], in: 1...1_000_000, at: "\(path).burst")
        limits.inFlight = count(fields["in_flight"], in: 1...1_000_000, at: "\(path).in_flight")
        if let node = fields["burst"], fields["rate"] == nil {
            report("\(path).burst", node, "says nothing without rate")
        }
        return limits
    }
}

extension ProviderLimits.Rate {
    /// `50/s`, `600/m`, `10000/h`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(foreign: parts[0], in: 1...1_000_000) else { return nil }
        switch parts[1] {
        case "s": self.init(count: count, per: .seconds(1))
        case "m": self.init(count: count, per: .seconds(60))
        case "h": self.init(count: count, per: .seconds(3600))
        default: return nil
        }
    }
}
