import CAmqp
import Glibc

/// From a TCP connection to one that is logged in.
extension LibraryConnection {
    /// Connects and logs in. Blocks the thread, at most as long as the configuration's connect timeout (and name
    /// resolution, which has a limit of its own).
    /// - Throws: `connectFailed`, `accessRefused`, `badConfiguration`.
    static func open(
        _ configuration: ConnectionConfiguration, endpoint: ConnectionConfiguration.Endpoint
    ) throws(BrokerError) -> LibraryConnection {
        guard let state = amqp_new_connection() else { throw BrokerError(.connectFailed, "out of memory") }
        var connection = LibraryConnection(state)
        let begin = ContinuousClock.now
        try connection.connect(configuration, endpoint)
        // The library takes zero for "at once".
        try connection.login(
            configuration, endpoint,
            within: max(.milliseconds(1), configuration.connectTimeout - begin.duration(to: .now)))
        connection.isSecure = configuration.tls != nil
        connection.expectStalls(false)
        return connection
    }

    private func connect(
        _ configuration: ConnectionConfiguration, _ endpoint: ConnectionConfiguration.Endpoint
    ) throws(BrokerError) {
        let socket: OpaquePointer?
        if let tls = configuration.tls {
            socket = amqp_ssl_socket_new(state)
            try prepare(socket, tls)
        } else {
            socket = amqp_tcp_socket_new(state)
        }
        guard let socket else { throw BrokerError(.connectFailed, "out of memory") }
        var timeout = timeval(configuration.connectTimeout)
        let status = amqp_socket_open_noblock(socket, endpoint.host, Int32(endpoint.port), &timeout)
        guard status == AMQP_STATUS_OK.rawValue else {
            // The library keeps to itself what the system said.
            let isSocketError = status == AMQP_STATUS_SOCKET_ERROR.rawValue
            let reason = isSocketError ? "no TCP connection (refused, or no way there)" : Self.text(status)
            throw BrokerError(.connectFailed, "\(endpoint): \(reason)")
        }
    }

    private func prepare(_ socket: OpaquePointer?, _ tls: ConnectionConfiguration.TLS) throws(BrokerError) {
        guard let socket else { throw BrokerError(.connectFailed, "TLS is not available") }
        amqp_ssl_socket_set_verify_peer(socket, 1)
        amqp_ssl_socket_set_verify_hostname(socket, 1)
        // The library's own minimum is TLS 1.0.
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
        guard amqp_ssl_socket_set_cacert(socket, tls.authorities) == AMQP_STATUS_OK.rawValue else {
            throw BrokerError(.badConfiguration, "cannot read the authorities in \(tls.authorities)")
        }
        if let (chain, key) = tls.clientCertificate,
            amqp_ssl_socket_set_key(socket, chain, key) != AMQP_STATUS_OK.rawValue
        {
            throw BrokerError(.badConfiguration, "cannot read the client certificate \(chain) or its key \(key)")
        }
    }

    private mutating func login(
        _ configuration: ConnectionConfiguration, _ endpoint: ConnectionConfiguration.Endpoint, within limit: Duration
    ) throws(BrokerError) {
        defer { arena.reset() }
        var timeout = timeval(limit)
        amqp_set_handshake_timeout(state, &timeout)
        // The library announces too few capabilities by itself.
        var properties = arena.table([
            "product": .string("Intake"),
            "connection_name": .string(configuration.name),
            "capabilities": .table([
                "publisher_confirms": .bool(true),
                "basic.nack": .bool(true),
                "consumer_cancel_notify": .bool(true),
                "connection.blocked": .bool(true),
                "authentication_failure_close": .bool(true),
            ]),
        ])
        // Whole seconds, and zero would turn it off.
        let heartbeat = Int32(clamping: min(max(1, configuration.heartbeat.components.seconds), 0xffff))
        let reply: amqp_rpc_reply_t =
            switch configuration.credentials {
            case .plain(let user, let password):
                camqp_login_plain(
                    state, configuration.virtualHost, 0, AMQP_DEFAULT_FRAME_SIZE, heartbeat, &properties, user, password
                )
            case .external:
                camqp_login_external(
                    state, configuration.virtualHost, 0, AMQP_DEFAULT_FRAME_SIZE, heartbeat, &properties, "")
            }
        if var error = Self.error(of: reply) {
            // Which of several brokers and accounts it is, the broker does not say in each of its refusals.
            error.detail = "\(endpoint), \(configuration.credentials): \(error.detail)"
            throw error
        }
        frameSize = Int(amqp_get_frame_max(state))
        takenFrameSize = frameSize
        guard configuration.takesLargeHeaders else { return }
        // The broker adds headers of its own to what fitted into a frame when it was published, and sends the outcome
        // all the same. Between two frames, as here, the library lets its limit be changed.
        let size = frameSize + Self.roomForHeaders
        let status = amqp_tune_connection(
            state, amqp_get_channel_max(state), Int32(clamping: size), amqp_get_heartbeat(state))
        guard status == AMQP_STATUS_OK.rawValue else { throw BrokerError(.connectFailed, Self.text(status)) }
        takenFrameSize = size
    }

    private static func error(of reply: amqp_rpc_reply_t) -> BrokerError? {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL:
            return nil
        case AMQP_RESPONSE_SERVER_EXCEPTION where reply.reply.id == CAMQP_CONNECTION_CLOSE:
            let close = reply.reply.decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            let refused =
                close.reply_code == UInt16(AMQP_ACCESS_REFUSED) || close.reply_code == UInt16(AMQP_NOT_ALLOWED)
            return BrokerError(
                refused ? .accessRefused : .connectFailed, String(close.reply_text), replyCode: close.reply_code)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION:
            return BrokerError(.connectFailed, text(reply.library_error))
        default:
            return BrokerError(.connectFailed, "the broker ended the login")
        }
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
