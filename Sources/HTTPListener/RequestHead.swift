import Contracts
import NIOHTTP1

/// What a request's head says of its connection.
struct RequestHead {
    /// Whether the connection ends with the answer: an HTTP/1.0 client that does not ask for more, or one that says so
    /// in any of the ways of RFC 9110, section 7.6.1 (a list, in any case, in several fields). So it does after a
    /// request for another protocol, as Java's client makes them unasked: it is answered as if it had not asked (RFC
    /// 9110, section 7.8), but the decoder reads nothing behind it.
    var isLast: Bool
    /// Whether it comes from an HTTP/1.0 client, which knows no chunks and must be told that the connection stays
    /// (RFC 9112, appendix C.2.2).
    let isOld: Bool
    /// Whether the client holds its body back until it is told to go on (RFC 9110, section 10.1.1).
    let expectsContinue: Bool
    /// Whether it names its host as RFC 9112, section 3.2, asks for: once, as one host, and only an HTTP/1.0 client may
    /// leave it out.
    let namesItsHost: Bool
    /// Whether its target is ASCII (RFC 9112, section 3.2), and each field that is longer than a name or a word of
    /// people's. To compare other text, or to change its case, Swift brings it into a normal form, which takes time by
    /// the square of a run of combining marks: this is the one place where all fields pass, whoever reads them.
    let isPlain: Bool

    /// What `Transfer-Encoding` says of the body.
    let transferCoding: TransferCoding

    enum TransferCoding: Equatable {
        /// There is no such field.
        case none
        case chunked
        /// The last is chunked, so that the body's end is known, and others were applied before.
        case others
        /// Chunked is not the last, or there is none: nobody can say where the body ends, and what is behind it may be
        /// taken for another request (RFC 9112, section 6.3).
        case faulty
    }

    /// Bytes of a field that may be anything: a thousandth of the time that 16 KiB take.
    private static let longestForeign = 256

    /// - Parameter bodyLimit: whoever announces more will not be told to go on.
    init(_ head: HTTPRequestHead, bodyLimit: Int) {
        isOld = head.version.major < 1 || (head.version.major == 1 && head.version.minor == 0)
        let options = Self.list(head.headers["connection"])
        let asksForMore = options.contains("upgrade") || head.method == .CONNECT
        transferCoding = Self.transferCoding(head.headers["transfer-encoding"])
        // Who knows no chunks may have passed them on without reading them (RFC 9112, section 6.1).
        isLast =
            asksForMore || options.contains("close") || (isOld && !options.contains("keep-alive"))
            || (isOld && transferCoding != .none)
        let length = head.headers.first(name: "content-length").map { Int(foreign: $0) ?? .max }
        let hasBody = length.map { $0 > 0 && $0 <= bodyLimit } ?? head.headers.contains(name: "transfer-encoding")
        expectsContinue = !isOld && hasBody && Self.list(head.headers["expect"]).contains("100-continue")
        let hosts = head.headers["host"]
        namesItsHost = hosts.isEmpty ? isOld : hosts.count == 1 && Self.isHost(hosts[0])
        isPlain =
            head.uri.utf8.allSatisfy { $0 < 0x80 }
            && head.headers.allSatisfy { field in
                field.value.utf8.count <= Self.longestForeign || field.value.utf8.allSatisfy { $0 < 0x80 }
            }
    }

    private static func transferCoding(_ fields: [String]) -> TransferCoding {
        guard !fields.isEmpty else { return .none }
        let codings = list(fields).filter { !$0.isEmpty }
        guard codings.last == "chunked", !codings.dropLast().contains("chunked") else { return .faulty }
        return codings.count == 1 ? .chunked : .others
    }

    /// Whether a field is `uri-host [ ":" port ]` (RFC 9110, section 7.2; RFC 3986, section 3.2.2), or empty.
    static func isHost(_ field: String) -> Bool {
        let bytes = Array(field.utf8)
        guard bytes.count <= 300 else { return false }
        var end = bytes.endIndex
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), !bytes[colon...].contains(UInt8(ascii: "]")) {
            let port = field.utf8.dropFirst(colon + 1)
            guard port.isEmpty || Int(foreign: String(port) ?? "", in: 0...65535) != nil else { return false }
            end = colon
        }
        let host = bytes[..<end]
        if host.first == UInt8(ascii: "[") {
            let address = host.dropFirst().dropLast()
            return host.last == UInt8(ascii: "]") && address.contains(UInt8(ascii: ":"))
                && address.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        }
        // The hexadecimal digits behind a % are among the letters and digits.
        return host.allSatisfy { isAlphanumeric($0) || "-._~%!$&'()*+,;=".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func list(_ fields: [String]) -> [String] {
        fields.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.map { element in
            var element = element.drop { $0 == 0x20 || $0 == 0x09 }
            while element.last == 0x20 || element.last == 0x09 { element.removeLast() }
            return String(decoding: element, as: UTF8.self).lowercased()
        }
    }
}
