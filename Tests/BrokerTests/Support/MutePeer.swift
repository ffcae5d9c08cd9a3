import Glibc
import TestSupport
import Testing

/// Listens, lets the kernel take connections, and never says a word.
final class MutePeer: Sendable {
    let port: Int
    let descriptor: Int32

    /// - Throws: when the kernel has no port left.
    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 8) == 0
                    ? getsockname(descriptor, generic, &length) : -1
            }
        }
        try #require(status == 0, "\(String(cString: strerror(errno)))")
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// Waits until somebody has connected.
    func isConnected() async throws {
        try await eventually("somebody connects") {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&waiting, 1, 0) > 0
        }
    }
}
