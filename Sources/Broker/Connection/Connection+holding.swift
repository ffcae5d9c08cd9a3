/// Rights that one connection has at a time.
extension Connection {
    /// Holds a queue that belongs to this connection alone, which makes it a right that only one process has: the
    /// broker frees it when the connection ends, however it ends, and `deleteQueue(_:)` gives it back. It is not taken
    /// again when the connection is made anew.
    ///
    /// Who holds it already may ask again, to learn whether that is still so.
    /// - Returns: in which life of the connection it is held. When that is not the one of the time before, somebody
    ///   else may have held it meanwhile.
    /// - Throws: `channelClosed` with reply code 405 while another connection holds it (RESOURCE_LOCKED, AMQP 0-9-1,
    ///   section 1.3); `connectionLost` when there is no connection to hold it with.
    package func hold(exclusiveQueue name: String) async throws(BrokerError) -> Int {
        let present = life
        let channel = try await openChannel(.control)
        // Said explicitly: a virtual host may have quorum queues as its default, which cannot be exclusive.
        let queue = TopologyDeclaration.Queue(
            name: name, isDurable: false, isExclusive: true, arguments: ["x-queue-type": .string("classic")])
        try stillIn(present)
        _ = try await call(.queueDeclare(queue, isPassive: false), channel: channel, expecting: .queueDeclared)
        try stillIn(present)
        try await closeChannel(channel)
        return present
    }

    /// A channel's number means another channel after the connection was made anew.
    private func stillIn(_ wanted: Int) throws(BrokerError) {
        guard life == wanted, library != nil else {
            throw BrokerError(.connectionLost, "the connection is another one")
        }
    }
}
