import Contracts
import Foundation

/// The URL of a partner's callbacks, with `{providerRequestId}` where the id of the request goes.
///
/// The id is the partner's own text and may be anything. All but RFC 3986's unreserved characters are percent-encoded,
/// so that `/`, `?`, `#`, `;` and `\` stay inside the one path segment (or query value) that the template gives it.
struct URLTemplate: Sendable, Equatable, CustomStringConvertible {
    static let placeholder = "{providerRequestId}"

    /// The text before, between and after the placeholders; one piece for a fixed URL.
    private let pieces: [String]
    /// Scheme, host and port: all that may be shown, as a path or query can hold a key.
    let origin: String
    let isSecure: Bool
    let host: PartnerHost
    let port: Int

    /// - Throws: `Problem`, which says what is wrong without repeating the text.
    init(_ text: String) throws(Problem) {
        guard text.contains(Self.placeholder) else { throw Problem("must contain \(Self.placeholder)") }
        try self.init(checked: text)
    }

    /// One URL for everything.
    init(fixed text: String) throws(Problem) {
        guard !text.contains("{"), !text.contains("}") else {
            throw Problem("must have no { or }: it is one URL for all")
        }
        try self.init(checked: text)
    }

    private init(checked text: String) throws(Problem) {
        guard text.utf8.count <= 2048 else { throw Problem("is longer than 2048 characters") }
        let pieces = text.components(separatedBy: Self.placeholder)
        for piece in pieces { try Self.checkCharacters(piece) }

        guard let schemeEnd = text.range(of: "://") else { throw Problem("must start with http:// or https://") }
        let scheme = text[..<schemeEnd.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw Problem("must start with http:// or https://") }
        let afterScheme = text[schemeEnd.upperBound...]
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("{") else { throw Problem("must not have \(Self.placeholder) in the host or port") }
        guard !authority.contains("@") else {
            throw Problem("must not hold a user or password: use authorization")
        }
        guard !text.contains("#") else { throw Problem("must not have a fragment (#)") }
        guard afterScheme.dropFirst(authority.count).first == "/" else { throw Problem("must have a path") }
        let (hostText, portText) = Self.split(authority)
        let host = try PartnerHost(String(hostText))
        var port = scheme == "https" ? 443 : 80
        if let portText {
            guard let given = Int(portText), (1...65535).contains(given), portText.utf8.allSatisfy({ $0 != 0x2B })
            else { throw Problem("has a port that is not 1 to 65535") }
            port = given
        }
        let path = afterScheme.dropFirst(authority.count).prefix { $0 != "?" }
        guard !Self.hasDotSegment(path) else { throw Problem("must not have . or .. as a path segment") }

        // Written anew, so that whoever reads the URL later finds the very host that was looked at here.
        origin = "\(scheme)://\(host)" + (portText.map { ":\($0)" } ?? "")
        self.pieces = [origin + pieces[0].dropFirst(scheme.count + 3 + authority.count)] + pieces.dropFirst()
        isSecure = scheme == "https"
        self.host = host
        self.port = port
    }

    /// The URL for one request.
    /// - Returns: `nil` when no URL can say this id: an empty one, or one that leaves `.` or `..` as a path segment,
    ///   which clients and servers resolve away even when its dots are percent-encoded (RFC 3986, section 5.2.4, after
    ///   the normalisation of section 6.2.2.2).
    func url(for providerRequestID: String) -> String? {
        guard !providerRequestID.isEmpty else { return nil }
        let encoded = Self.percentEncoded(providerRequestID)
        var url = pieces[0]
        for piece in pieces.dropFirst() {
            url += encoded
            url += piece
        }
        if encoded.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) {
            let path = url.dropFirst(origin.count).prefix { $0 != "?" }
            guard !Self.hasDotSegment(path) else { return nil }
        }
        return url
    }

    var description: String { "\(origin)/…" }

    /// What is wrong with a template; reads after the name of its key.
    struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

extension URLTemplate {
    /// Percent-encodes every byte of the UTF-8 form but RFC 3986's unreserved characters (section 2.3).
    static func percentEncoded(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            if bytes.allSatisfy(isUnreserved) { return String(decoding: bytes, as: UTF8.self) }
            let digits = Array("0123456789ABCDEF".utf8)
            var encoded: [UInt8] = []
            encoded.reserveCapacity(bytes.count * 3)
            for byte in bytes {
                if isUnreserved(byte) {
                    encoded.append(byte)
                } else {
                    encoded.append(UInt8(ascii: "%"))
                    encoded.append(digits[Int(byte >> 4)])
                    encoded.append(digits[Int(byte & 0xF)])
                }
            }
            return String(decoding: encoded, as: UTF8.self)
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// The template's own text must be what RFC 3986 allows in a URI, so that nothing rewrites it later.
    private static func checkCharacters(_ piece: String) throws(Problem) {
        let bytes = Array(piece.utf8)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "}"):
                throw Problem("has braces other than \(placeholder)")
            case UInt8(ascii: "%"):
                guard bytes.count > index + 2, HexDigit.value(bytes[index + 1]) != nil,
                    HexDigit.value(bytes[index + 2]) != nil
                else {
                    throw Problem("has a % that two hexadecimal digits do not follow")
                }
            case 0x21...0x7E where !#""<>\^`|"#.utf8.contains(byte):
                break
            default:
                throw Problem("has a character that a URL must percent-encode")
            }
        }
    }

    /// Host and port; the last colon of `[::1]` belongs to the address.
    private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            return (authority, nil)
        }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func hasDotSegment(_ path: Substring) -> Bool {
        path.split(separator: "/").contains { segment in
            let plain = segment.replacingOccurrences(of: "%2e", with: ".", options: .caseInsensitive)
            return plain == "." || plain == ".."
        }
    }
}
