/// What a connection does about its topology each time that it is made.
package enum TopologyDuty: Sendable, Equatable {
    /// Declares it. What is there already, and alike, stays as it is.
    case declare
    /// Looks whether its exchanges and queues are there, which any user may; bindings cannot be looked at, and what is
    /// to be unbound is, where that is allowed. While one is
    /// missing there is no connection: it is made again, with growing waits. `advice` tells an operator what to do
    /// then.
    case check(advice: String)
}
