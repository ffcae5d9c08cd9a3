import NIOCore

/// One request of the simulated partner.
struct SimulatedRequest: Sendable, Equatable {
    /// `providerRequestId`: what the callback names.
    var id: String
    /// The JSON that is posted.
    var body: ByteBuffer
    /// What it must be told; `nil` when anything is right.
    var expected: Bool?
}
