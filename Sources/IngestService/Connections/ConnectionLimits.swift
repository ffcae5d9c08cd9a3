import NIOCore

/// What a connection may ask of the front door.
struct ConnectionLimits: Sendable {
    /// Open at once. Beyond it the one that has waited longest for a request makes room; when none waits, new ones stay in
    /// the kernel's backlog.
    var connections = 4096
    /// Bytes of request line and headers.
    var headBytes = 16_384
    /// From the first byte of a request to the end of its headers.
    var headTime = TimeAmount.seconds(10)
    /// For a body, beside the time that it takes at the lowest rate.
    var bodyTime = TimeAmount.seconds(10)
    /// The lowest rate of a body, in bytes per second.
    var bodyRate = 1024
    /// From the end of an answer to the next request.
    var idleTime = TimeAmount.seconds(60)
    /// For the rest of a body whose request is answered already.
    var drainTime = TimeAmount.seconds(5)
    /// Bytes of such a rest.
    var drainBytes = 2 << 20
    /// For a client that is turned away to read why, before the connection is cut.
    var lingerTime = TimeAmount.seconds(2)
}
