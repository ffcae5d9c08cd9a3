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
    /// Whether it names its host as RFC 9112, section 3.2, asks for: once, and only an HTTP/1.0 client may leave it
    /// out.
    let namesItsHost: Bool

    /// - Parameter bodyLimit: whoever announces more will not be told to go on.
    init(_ head: HTTPRequestHead, bodyLimit: Int) {
        isOld = head.version.major < 1 || (head.version.major == 1 && head.version.minor == 0)
        let options = Self.list(head.headers["connection"])
        let asksForMore = options.contains("upgrade") || head.method == .CONNECT
        isLast = asksForMore || options.contains("close") || (isOld && !options.contains("keep-alive"))
        let length = head.headers.first(name: "content-length").map { Int(foreign: $0) ?? .max }
        let hasBody = length.map { $0 > 0 && $0 <= bodyLimit } ?? head.headers.contains(name: "transfer-encoding")
        expectsContinue = !isOld && hasBody && Self.list(head.headers["expect"]).contains("100-continue")
        let hosts = head.headers["host"].count
        namesItsHost = hosts == 1 || (hosts == 0 && isOld)
    }

    private static func list(_ fields: [String]) -> [String] {
        fields.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.map { element in
            var element = element.drop { $0 == 0x20 || $0 == 0x09 }
            while element.last == 0x20 || element.last == 0x09 { element.removeLast() }
            return String(decoding: element, as: UTF8.self).lowercased()
        }
    }
}
