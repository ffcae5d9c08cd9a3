/// The host of a partner's URL: a name for the resolver, or an address.
///
/// Only forms that every reader takes for the same host are let in. What one parser calls a name and the next an
/// address (`2130706433`, `0x7f.1`, `127.1`, `017700000001`), percent-encoding, characters beyond ASCII (their `xn--`
/// form does), a dot at the end and zone ids are refused.
enum PartnerHost: Sendable, Hashable, CustomStringConvertible {
    /// In lower case.
    case name(String)
    case address(IPAddress)

    /// - Throws: `URLTemplate.Problem`.
    init(_ text: String) throws(URLTemplate.Problem) {
        guard !text.isEmpty else { throw .init("has no host or a malformed one") }
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), case .v6(let bits)? = IPAddress(String(text.dropFirst().dropLast())) else {
                throw .init("has a host in brackets that is no IPv6 address, or one with a zone")
            }
            self = .address(.v6(bits))
            return
        }
        if case .v4(let bits)? = IPAddress(text) {
            self = .address(.v4(bits))
            return
        }
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else {
            throw .init(
                "has a host that is no name: letters, digits and hyphens, with dots in between; other characters in "
                    + "their xn-- form")
        }
        // The URL standard's "ends in a number": such a host is an IPv4 address to many a parser.
        guard let last = labels.last, !Self.isNumber(last) else {
            throw .init("has a host that is a number: write an address as four decimal numbers")
        }
        self = .name(name)
    }

    /// As it stands in a URL.
    var description: String {
        switch self {
        case .name(let name): name
        case .address(.v4(let bits)): "\(IPAddress.v4(bits))"
        case .address(.v6(let bits)): "[\(IPAddress.v6(bits))]"
        }
    }

    /// As a resolver or a connection takes it.
    var unbracketed: String {
        switch self {
        case .name(let name): name
        case .address(let address): "\(address)"
        }
    }

    /// Whether it is this machine by definition (RFC 6761, section 6.3).
    var isLocalhost: Bool {
        if case .name(let name) = self { name == "localhost" || name.hasSuffix(".localhost") } else { false }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func isNumber(_ label: Substring) -> Bool {
        label.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            || label.hasPrefix("0x") && label.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}
