import Glibc

/// Threads of the system, for what blocks: the cooperative pool is only as wide as the machine has cores.
enum SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// The C library reads tables within tables by recursion, as deep as a frame is long. Memory that is never touched
    /// costs nothing. Bytes.
    private static let stackSize = 64 * 1024 * 1024

    /// Runs work on a thread of its own, which ends with it.
    /// - Throws: `connectFailed` when the system has no thread left.
    static func detach(_ work: @escaping @Sendable () -> Void) throws(BrokerError) {
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        let body = Unmanaged.passRetained(Body(work))
        let result = pthread_create(
            &thread, &attributes,
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
