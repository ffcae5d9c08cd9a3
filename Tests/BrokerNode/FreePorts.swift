import Glibc

/// Ports that nobody listens on.
package enum FreePorts {
    /// Asks the kernel for ports on 127.0.0.1 and gives them back. All are held at the same time, so they differ. Another
    /// process can take one before its user does; who starts a server on one tries again with others then.
    /// - Throws: `PortFailure` when the kernel has none.
    package static func take(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { sockets.forEach { close($0) } }
        return try (0..<count).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { throw PortFailure(code: errno) }
            sockets.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let status = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
                }
            }
            guard status == 0 else { throw PortFailure(code: errno) }
            return Int(in_port_t(bigEndian: address.sin_port))
        }
    }
}

/// The kernel has no port for us.
package struct PortFailure: Error, CustomStringConvertible {
    /// An `errno`.
    package var code: Int32

    package var description: String { "no free port: \(String(cString: strerror(code)))" }
}
