import Foundation
import Glibc
import Synchronization

/// Stands between a client and a PostgreSQL server on Unix sockets, and cuts the line at the worst moment.
package final class PostgresProxy: Sendable {
    package enum Fault: Sendable {
        /// The end of a question's answer is swallowed, and the client cut off: the server has done it.
        case answer
        /// A question is swallowed to its end, and the client cut off: the server never hears it.
        case question
        /// The same, but the server hears it later, when `release` is called.
        case lateQuestion
    }

    private enum Passage { case goesOn, cut, cutFromClient }

    private struct State {
        var fault: Fault?
        /// What the server is still to hear, and where.
        var held: (bytes: [UInt8], server: Int32)?
        var count = 0
    }

    /// For the URL's `host`.
    package let directory: String
    private let server: String
    private let listener: Int32
    private let state = Mutex(State())

    /// - Parameter server: the directory of the server's socket.
    package init(_ server: String) throws {
        self.server = server
        directory = try TestDirectory.make("proxy")
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(directory)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 64) == 0 else { throw PortFailure(code: errno) }
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                serve(client)
            }
        }
    }

    /// Ends the listening; called by the test.
    package func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// The next one that comes to it gets this.
    package func arm(_ fault: Fault) { state.withLock { $0.fault = fault } }

    /// How many faults there were.
    package var count: Int { state.withLock { $0.count } }

    package func release() {
        guard let held = state.withLock({ $0.held.take() }) else { return }
        _ = send(held.server, held.bytes, held.bytes.count, Int32(MSG_NOSIGNAL))
        // Until the server has nothing more to say.
        shutdown(held.server, Int32(SHUT_WR))
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(held.server, &bytes, bytes.count) > 0 {}
    }

    private func serve(_ client: Int32) {
        let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(server)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            Glibc.close(client)
            Glibc.close(upstream)
            return
        }
        // Sync, and ReadyForQuery outside a transaction: PostgreSQL's documentation, 55.7.
        let (sync, ready): ([UInt8], [UInt8]) = ([0x53, 0, 0, 0, 4], [0x5A, 0, 0, 0, 5, 0x49])
        Thread.detachNewThread { [self] in
            copy(client, upstream) { bytes in
                guard bytes.suffix(sync.count) == sync[...] else { return .goesOn }
                return state.withLock { state in
                    let fault = state.fault
                    switch fault {
                    case .question: break
                    case .lateQuestion: state.held = (Array(bytes), upstream)
                    case .answer, nil: return .goesOn
                    }
                    state.fault = nil
                    state.count += 1
                    return state.held == nil ? .cut : .cutFromClient
                }
            }
        }
        Thread.detachNewThread { [self] in
            copy(upstream, client) { bytes in
                guard bytes.suffix(ready.count) == ready[...] else { return .goesOn }
                return state.withLock { state in
                    guard case .answer = state.fault else { return .goesOn }
                    state.fault = nil
                    state.count += 1
                    return .cut
                }
            }
        }
    }

    private func copy(_ from: Int32, _ to: Int32, _ passage: (ArraySlice<UInt8>) -> Passage) {
        var bytes = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(from, &bytes, bytes.count)
            let passage = count > 0 ? passage(bytes[..<count]) : .cut
            if case .goesOn = passage, send(to, bytes, count, Int32(MSG_NOSIGNAL)) == count { continue }
            shutdown(from, Int32(SHUT_RDWR))
            // Its other end is still to hear something.
            if case .cutFromClient = passage { return }
            shutdown(to, Int32(SHUT_RDWR))
            return
        }
    }

    private static func address(_ directory: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(directory)/.s.PGSQL.5432".utf8) }
        return address
    }
}
