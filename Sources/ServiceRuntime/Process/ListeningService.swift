import Glibc
import NIOCore
package import ServiceLifecycle

/// An HTTP server that says which keys to look at when it cannot listen.
package struct ListeningService: Service {
    private let server: any Service
    private let key: String
    private let host: String
    private let port: Int

    /// - Parameters:
    ///   - server: listens at the address when it runs.
    ///   - key: what the names of the address's keys start with, `http` for `http.host` and `http.port`.
    package init(_ server: some Service, key: String, host: String, port: Int) {
        self.server = server
        self.key = key
        self.host = host
        self.port = port
    }

    /// - Throws: `ListenFailure` when the address cannot be had; else what the server throws.
    package func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError {
            // What `bind` says of an address (POSIX.1-2017). A server that listens fails with none of them.
            switch error.errnoCode {
            case EADDRINUSE, EACCES: throw failure("port", String(cString: strerror(error.errnoCode)))
            case EADDRNOTAVAIL, EAFNOSUPPORT: throw failure("host", String(cString: strerror(error.errnoCode)))
            default: throw error
            }
        } catch is SocketAddressError.UnknownHost {
            throw failure("host", "the name has no address")
        }
    }

    private func failure(_ part: String, _ reason: String) -> ListenFailure {
        ListenFailure(key: "\(key).\(part)", host: host, port: port, reason: reason)
    }
}

/// A listener's address cannot be had.
struct ListenFailure: Error, Equatable, CustomStringConvertible {
    /// The key to look at.
    var key: String
    var host: String
    var port: Int
    var reason: String

    var description: String {
        "\(Settings.variable(key)) (\(key)): cannot listen on port \(port) of \(host): \(reason)"
    }
}
