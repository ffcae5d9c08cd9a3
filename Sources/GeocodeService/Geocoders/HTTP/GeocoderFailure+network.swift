import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension GeocoderFailure {
    static let tooLong = GeocoderFailure(
        kind: .unreadable, code: "too-long", message: "The answer is longer than 256 KiB.")
    static let cutOff = GeocoderFailure(
        kind: .unreadable, code: "cut-off", message: "The connection ended in the middle of the answer.")

    /// Classifies what the HTTP client threw. The client's own descriptions are not passed on: they can hold the URL.
    init(_ error: any Error) {
        switch error {
        case let failure as GeocoderFailure: self = failure
        case is CancellationError: self = .stopping
        case let error as HTTPClientError: self = Self.of(error)
        case let error as NIOConnectionError: self = Self.of(error)
        case let error as IOError: self = Self.of(systemError: error.errnoCode)
        case ChannelError.connectTimeout: self = .connectTimeout
        case is ChannelError, HTTPParserError.invalidEOFState: self = .reset
        case is HTTPParserError:
            self.init(kind: .unreadable, code: "not-http", message: "What the service answered is not HTTP.")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: self = .tls
        default: self = .network
        }
    }

    private static let timeout = away("timeout", "The service did not answer in time.")
    private static let connectTimeout = away("connect-timeout", "No connection to the service came about in time.")
    private static let reset = away("reset", "The connection ended before an answer.")
    private static let tls = away("tls", "No secure connection to the service came about.")
    private static let network = away("network", "The service could not be reached.")

    private static func away(_ code: String, _ message: String) -> GeocoderFailure {
        GeocoderFailure(kind: .away(retryAfter: nil), code: code, message: message)
    }

    private static func of(_ error: HTTPClientError) -> GeocoderFailure {
        switch error {
        case .cancelled: stopping
        case .deadlineExceeded, .readTimeout, .writeTimeout: timeout
        case .connectTimeout, .getConnectionFromPoolTimeout: connectTimeout
        case .tlsHandshakeTimeout: tls
        case .remoteConnectionClosed, .uncleanShutdown: reset
        default: network
        }
    }

    private static func of(_ error: NIOConnectionError) -> GeocoderFailure {
        if let attempt = error.connectionErrors.first { return GeocoderFailure(attempt.error) }
        return error.dnsAError == nil && error.dnsAAAAError == nil
            ? network : away("dns", "The service's host name could not be resolved.")
    }

    private static func of(systemError number: CInt) -> GeocoderFailure {
        switch number {
        case ECONNREFUSED: away("connection-refused", "Nobody accepts connections at the service's address.")
        case ETIMEDOUT: connectTimeout
        case ECONNRESET, EPIPE, ECONNABORTED: reset
        default: network
        }
    }
}
