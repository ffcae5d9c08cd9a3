import Glibc

/// Threads of the system, for what blocks: the cooperative pool is only as wide as the machine has cores.
enum SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs work on a thread of its own, which ends with it.
    /// - Throws: `connectFailed` when the system has no thread left.
    static func detach(_ work: @escaping @Sendable () -> Void) throws(BrokerError) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(work))
        let result = pthread_create(
            &thread, nil,
            { argument in
                // The value that was retained for the thread, just below.
                Unmanaged<Body>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            body.release()
            throw BrokerError(.connectFailed, "pthread_create: \(String(cString: strerror(result)))")
        }
        pthread_detach(thread)
    }
}
