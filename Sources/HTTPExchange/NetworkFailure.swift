import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why an exchange over HTTP came to no answer. Holds nothing of the URL, of headers or of what came: the libraries'
/// own descriptions can.
package enum NetworkFailure: String, Error, Sendable {
    /// Nobody listens there.
    case connectionRefused = "connection-refused"
    /// There is no way to the host.
    case unreachable
    /// No connection came about in time.
    case connectTimeout = "connect-timeout"
    /// The answer was not complete in time.
    case timeout
    /// The host's name has no address, or the resolver is away.
    case dns
    /// No secure connection came about, e.g. for an expired certificate.
    case tls
    /// The proxy did not connect to the host.
    case proxy
    /// The connection ended before the answer was complete.
    case reset
    /// What came is no well-formed answer; see `BadAnswer`.
    case badAnswer = "bad-answer"
    /// Anything else between here and the host.
    case network = "network-error"
    /// The task was cancelled: the process is stopping, or nobody waits any more.
    case stopping

    /// Classifies what the HTTP client threw.
    package init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .stopping
        case is BadAnswer, is NIOHTTPDecoderError, is ByteToMessageDecoderError: self = .badAnswer
        case let error as HTTPClientError: self = Self.of(error)
        case let error as IOError: self = Self.of(systemError: error.errnoCode)
        case let error as NIOConnectionError: self = Self.of(error)
        case ChannelError.connectTimeout: self = .connectTimeout
        case is ReusedConnectionEnded: self = .reset
        case is ChannelError, HTTPParserError.invalidEOFState: self = .reset
        case is HTTPParserError: self = .badAnswer
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: self = .tls
        default: self = .network
        }
    }

    /// Its code as people write it: `connection refused`.
    package var words: String { rawValue.replacing("-", with: " ") }

    private static func of(_ error: HTTPClientError) -> NetworkFailure {
        switch error {
        case .cancelled: .stopping
        case .deadlineExceeded, .readTimeout, .writeTimeout: .timeout
        case .connectTimeout, .getConnectionFromPoolTimeout: .connectTimeout
        case .tlsHandshakeTimeout: .tls
        case .invalidProxyResponse, .proxyAuthenticationRequired, .httpProxyHandshakeTimeout: .proxy
        case .remoteConnectionClosed, .uncleanShutdown: .reset
        default: .network
        }
    }

    private static func of(_ error: NIOConnectionError) -> NetworkFailure {
        if let attempt = error.connectionErrors.first { return NetworkFailure(attempt.error) }
        return error.dnsAError == nil && error.dnsAAAAError == nil ? .network : .dns
    }

    private static func of(systemError number: CInt) -> NetworkFailure {
        switch number {
        case ECONNREFUSED: .connectionRefused
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT: .unreachable
        case ETIMEDOUT: .connectTimeout
        case ECONNRESET, EPIPE, ECONNABORTED: .reset
        default: .network
        }
    }
}
