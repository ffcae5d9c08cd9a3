package import NIOCore

/// What a connection may ask of a listener.
package struct ConnectionLimits: Sendable {
    /// Open at once. Beyond it the one that has waited longest for a request makes room; when none waits, new ones stay
    /// in the kernel's backlog.
    package var connections = 4096
    /// For a new connection to send its first request, before it makes room for another.
    package var arrivalTime = TimeAmount.seconds(1)
    /// Bytes of request line and headers.
    package var headBytes = 16_384
    /// From the first byte of a request to the end of its headers.
    package var headTime = TimeAmount.seconds(10)
    /// For a body, beside the time that it takes at the lowest rate.
    package var bodyTime = TimeAmount.seconds(10)
    /// The lowest rate of a body, in bytes per second.
    package var bodyRate = 1024
    /// Bytes of the largest body that anything takes. For a larger one nobody is told to go on who asks before he sends
    /// it.
    package var bodyBytes = Int.max
    /// From the end of an answer to the next request.
    package var idleTime = TimeAmount.seconds(60)
    /// Within which a client must take what waits to be written to it, at the lowest rate; then again.
    package var writeTime = TimeAmount.seconds(10)
    /// The lowest rate at which answers must be taken, in bytes per second.
    package var writeRate = 1024
    /// Bytes that the kernel takes of what waits to be written; it keeps twice as much. By itself it would take
    /// megabytes for a client that never reads, and so many answers would be made for nobody.
    package var sendBytes = 262_144
    /// For the rest of a body whose request is answered already.
    package var drainTime = TimeAmount.seconds(5)
    /// Bytes of such a rest.
    package var drainBytes = 2 << 20
    /// For a client that is turned away to read why, before the connection is cut.
    package var lingerTime = TimeAmount.seconds(2)
    /// Bytes that are taken from the kernel at once. Together with the few requests that may be ahead of their answers
    /// it bounds what a connection that sends on and on keeps in memory.
    package var chunkBytes = 16_384

    package init() {}
}
