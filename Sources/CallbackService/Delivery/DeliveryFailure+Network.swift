import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension DeliveryFailure {
    /// Classifies what the HTTP client threw. The client's own descriptions are not passed on: they can hold the URL.
    init(_ error: any Error) {
        self.init(Self.code(of: error))
    }

    init(_ code: Code) {
        self.init(
            code: code, message: Self.sentence(code), verdict: code == .addressForbidden ? .needsOperator : .tryAgain)
    }

    private static func code(of error: any Error) -> Code {
        switch error {
        case is CancellationError: .stopping
        case let error as HTTPClientError: code(of: error)
        case let error as IOError: code(ofSystemError: error.errnoCode)
        case let error as NIOConnectionError: code(of: error)
        case ChannelError.connectTimeout: .connectTimeout
        case is ChannelError: .reset
        case is PinnedClient.StrayConnection: .addressForbidden
        case HTTPParserError.invalidEOFState: .reset
        case is HTTPParserError: .badAnswer
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: .tls
        default: .network
        }
    }

    private static func code(of error: HTTPClientError) -> Code {
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

    private static func code(of error: NIOConnectionError) -> Code {
        guard let attempt = error.connectionErrors.first else {
            return error.dnsAError == nil && error.dnsAAAAError == nil ? .network : .dns
        }
        return code(of: attempt.error)
    }

    private static func code(ofSystemError number: CInt) -> Code {
        switch number {
        case ECONNREFUSED: .connectionRefused
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT: .unreachable
        case ETIMEDOUT: .connectTimeout
        case ECONNRESET, EPIPE, ECONNABORTED: .reset
        default: .network
        }
    }

    private static func sentence(_ code: Code) -> String {
        switch code {
        case .connectionRefused: "Nobody accepts connections at the partner's address."
        case .unreachable: "There is no way to the partner's address."
        case .connectTimeout: "No connection to the partner came about in time."
        case .timeout: "The partner did not answer in time."
        case .dns: "The partner's host name could not be resolved."
        case .addressForbidden: "The partner's host has an address that callbacks must not go to."
        case .proxy: "The proxy did not connect to the partner."
        case .tls: "No secure connection to the partner came about."
        case .reset: "The connection ended before the partner's answer was complete."
        case .badAnswer: "What the partner answered is not HTTP."
        case .stopping: "The service is stopping."
        default: "The partner could not be reached."
        }
    }
}
