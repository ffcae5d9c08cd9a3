import HummingbirdCore
import HummingbirdTLS
import NIOSSL

/// The server that the API runs on.
enum FrontDoor {
    /// - Parameters:
    ///   - tls: `nil` for plain HTTP.
    ///   - observe: is told the code of each problem that a connection was refused with.
    static func server(
        _ limits: ConnectionLimits, tls: TLSConfiguration?, register: ConnectionRegister,
        observe: @escaping @Sendable (String) -> Void
    ) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder { responder in
            GuardedChannel(
                responder: responder, limits: limits, fields: SecurityFields.all(isTLS: tls != nil),
                register: register, observe: observe)
        }
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: tls)
    }
}
