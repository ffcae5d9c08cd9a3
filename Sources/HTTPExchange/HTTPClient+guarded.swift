package import AsyncHTTPClient
package import NIOCore

extension HTTPClient.Configuration {
    /// What all of Intake's clients have in common: they go where they are sent and nowhere else, wait for nobody
    /// longer than they are told to, and see no answer that is not well-formed (see `AnswerGuard`).
    /// - Parameters:
    ///   - connections: to one host at most; whoever asks for more waits for one within the request's time.
    ///   - idleTimeout: how long an unused connection is kept. By default just under the five seconds after which the
    ///     least patient of the usual servers hang up.
    ///   - checked: looks at a new connection before anything is sent over it; it is not used when that fails.
    package static func guarded(
        connections: Int = 8, idleTimeout: TimeAmount = .milliseconds(4500),
        checked: (@Sendable (any Channel) -> EventLoopFuture<Void>)? = nil
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5))
        configuration.connectionPool.idleTimeout = idleTimeout
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Whoever is away is asked again by whoever asks us; the pool's own patience would hold the place.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A compressed answer could be a thousand times as long as what was read of it.
        configuration.decompression = .disabled
        // Nobody collects spans, and the library would fill in one for each request.
        configuration.tracing.tracer = nil
        // One exchange, one connection: what becomes of one says nothing about the others. The guard knows no other
        // version.
        configuration.httpVersion = .http1Only
        // Its name says debugging, but it is the library's one way into a connection. It is called when the parser is
        // in its place and no request has gone out; whatever it throws fails the connection.
        configuration.http1_1ConnectionDebugInitializer = { channel in
            let guarded = AnswerGuard.install(in: channel)
            guard let checked else { return guarded }
            return guarded.flatMap { checked(channel) }
        }
        return configuration
    }
}
