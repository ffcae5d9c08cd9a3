/// All that a connection to a partner depends on.
struct Endpoint: Sendable, Hashable {
    var host: PartnerHost
    var isSecure: Bool
    var addresses = AddressRule()
    /// Certificates in PEM that the partner's is checked against, in place of the system's; `nil` for the system's.
    var certificateAuthorities: [UInt8]?
    var proxy: Proxy?
    /// How many connections there may be at once.
    var connections: Int?

    /// A proxy that connections go through (CONNECT). It is the operator's own, so its address is not looked at, and it
    /// resolves the partner's name.
    struct Proxy: Sendable, Hashable, CustomStringConvertible {
        var host: PartnerHost
        var port: Int

        var description: String { "http://\(host):\(port)" }
    }
}
