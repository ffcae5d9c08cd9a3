import AdminAPI
import Contracts
import Glibc
import HTTPListener

/// Asks a process on this host whether it is ready. Blocks, for a command that does nothing else.
struct ReadinessQuestion {
    struct Answer: Equatable {
        var isReady: Bool
        /// A line for each check, each with its end.
        var report: String
        /// Who answers, e.g. `geocode`; `nil` when an older service does.
        var service: String?
    }

    /// There was no answer, or none of Intake's.
    struct Failure: Error, Equatable {
        /// One clause for the operator.
        var problem: String
    }

    /// For connection and answer together, once the name is looked up.
    static let limit = Duration.seconds(3)
    /// A report has a few hundred bytes.
    private static let longest = 64 * 1024

    private let host: String
    private let port: Int

    /// - Parameter host: where the admin listener is; one that listens on every address is asked over the loopback.
    init(host: String, port: Int) {
        self.host =
            switch host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: host
            }
        self.port = port
    }

    var place: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    func ask(within limit: Duration = Self.limit) throws(Failure) -> Answer {
        let deadline = ContinuousClock.now + limit
        let descriptor = try connect(by: deadline)
        defer { close(descriptor) }
        let request = "GET /health/ready HTTP/1.1\r\nhost: \(place)\r\nconnection: close\r\n\r\n"
        // A new connection takes so little at once.
        guard send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count else {
            throw Self.failure(errno)
        }
        return try Self.answer(in: try Self.everything(from: descriptor, by: deadline))
    }

    /// Tries each of the host's addresses.
    private func connect(by deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &first) == 0 else {
            throw Failure(problem: "the host's name has no address")
        }
        defer { freeaddrinfo(first) }
        var failure = Failure(problem: "the host's name has no address")
        var next = first
        while let address = next?.pointee {
            next = address.ai_next
            do throws(Failure) {
                return try Self.connect(to: address, by: deadline)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func connect(to address: addrinfo, by deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, kind, 0)
        guard descriptor >= 0 else { throw failure(errno) }
        do throws(Failure) {
            guard Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 else { return descriptor }
            guard errno == EINPROGRESS else { throw failure(errno) }
            try wait(until: POLLOUT, of: descriptor, by: deadline)
            var (code, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { throw failure(code) }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// What comes until the other side closes.
    private static func everything(
        from descriptor: Int32, by deadline: ContinuousClock.Instant
    ) throws(Failure) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < longest {
            try wait(until: POLLIN, of: descriptor, by: deadline)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw failure(errno) }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func wait(
        until event: Int32, of descriptor: Int32, by deadline: ContinuousClock.Instant
    ) throws(Failure) {
        var socket = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            let count = left > 0 ? poll(&socket, 1, Int32(clamping: left.rounded(.up))) : 0
            if count > 0 { return }
            guard count < 0 else { throw Failure(problem: "no answer in time") }
            if errno != EINTR { throw failure(errno) }
        }
    }

    /// Reads an answer of HTTP/1.1 (RFC 9112) whose body comes whole, as the admin listener's does.
    static func answer(in text: String) throws(Failure) -> Answer {
        let status = text.prefix { $0 != "\r\n" }.split(separator: " ")
        guard let version = status.first, version.hasPrefix("HTTP/1."), status.count >= 2 else {
            throw Failure(problem: "what answers is no HTTP server")
        }
        guard ["200", "503"].contains(status[1]), let head = text.firstRange(of: "\r\n\r\n") else {
            throw Failure(problem: "what answers is no admin listener of Intake (status \(status[1]))")
        }
        return Answer(
            isReady: status[1] == "200", report: String(text[head.upperBound...]),
            service: service(in: text[..<head.lowerBound]))
    }

    /// - Parameter head: the status line and the headers.
    private static func service(in head: Substring) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == AdminService.header else { continue }
            return String(parts[1].trimmingBlanks())
        }
        return nil
    }

    private static func failure(_ code: Int32) -> Failure { Failure(problem: String(cString: strerror(code))) }
}
