import Foundation

/// Finds the addresses of a host's name. Blocks the thread, as the system's resolver does.
struct HostLookup: Sendable {
    /// - Throws: `Failure`.
    var addresses: @Sendable (_ name: String) throws(Failure) -> [IPAddress]

    /// What the resolver said: never shown to a partner.
    struct Failure: Error, Sendable, Equatable {
        var detail: String
    }

    /// The system's resolver, the best address first (RFC 6724).
    static let ofSystem = HostLookup { name throws(Failure) in
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { throw Failure(detail: String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let current = entry {
            if let socketAddress = current.pointee.ai_addr {
                // An address of a family that nobody can connect to counts as one that is not there.
                if let address = IPAddress(UnsafePointer(socketAddress)), !found.contains(address) {
                    found.append(address)
                }
            }
            entry = current.pointee.ai_next
        }
        return found
    }
}
