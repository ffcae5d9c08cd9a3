import Glibc

/// A port of 127.0.0.1 that nobody else can take for as long as this lives.
package final class OccupiedPort: Sendable {
    package let number: Int
    private let descriptor: Int32

    /// - Parameters:
    ///   - number: 0 for any that the kernel has.
    ///   - listens: whether connections are taken, and never answered, or refused.
    /// - Throws: `PortFailure` when the kernel has none, or somebody else this one.
    package init(_ number: Int = 0, listens: Bool = true) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw PortFailure(code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(number).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && (!listens || listen(descriptor, 16) == 0)
                    ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard status == 0 else {
            defer { close(descriptor) }
            throw PortFailure(code: errno)
        }
        self.descriptor = descriptor
        self.number = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}

/// The kernel has no port for us.
package struct PortFailure: Error, CustomStringConvertible {
    /// An `errno`.
    package var code: Int32

    package var description: String { "no free port: \(String(cString: strerror(code)))" }
}
