/// How long to wait before the next attempt: exponential, capped, with full jitter over the upper half, so that many
/// clients of a broker that restarts don't come back in step.
package struct ReconnectBackoff: Sendable {
    package struct Parameters: Sendable, Equatable {
        package var first: Duration = .milliseconds(100)
        package var factor = 2
        package var limit: Duration = .seconds(4)

        package init() {}
    }

    private let parameters: Parameters
    private var attempts = 0

    package init(_ parameters: Parameters) { self.parameters = parameters }

    /// The next wait: between half of and the whole of first × factor^attempts, at most the limit.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        var wait = parameters.first
        for _ in 0..<attempts where wait < parameters.limit { wait *= parameters.factor }
        wait = min(wait, parameters.limit)
        attempts += 1
        return wait / 2 + .seconds(wait / 2 / .seconds(1) * Double.random(in: 0...1, using: &generator))
    }

    /// A connection stood: start from the shortest wait again.
    package mutating func reset() { attempts = 0 }
}
