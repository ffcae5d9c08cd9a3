/// A block of addresses that is not the public Internet's, from IANA's special-purpose address registries (RFC 6890).
struct AddressBlock: Sendable, CustomStringConvertible {
    /// What may be done with the addresses of a block.
    enum Use: Sendable, Equatable {
        /// An operator's own network: for partners that the file lets into private networks.
        case ownNetwork
        /// No partner can be there.
        case nobody
        /// The IPv4 address that lies that many bits above the lowest bit is what is really reached.
        case carries(shift: Int)
    }

    /// The block in CIDR notation.
    let name: String
    /// What it is, for people.
    let purpose: String
    let use: Use
    private let first: IPAddress
    private let length: Int

    /// - Parameter name: in CIDR notation. Known to be good: the lists below are the only ones, and a test reads them.
    private init(_ name: String, _ purpose: String, _ use: Use) {
        self.name = name
        self.purpose = purpose
        self.use = use
        let parts = name.split(separator: "/")
        first = parts.first.flatMap { IPAddress(String($0)) } ?? .v4(0)
        // A block that could not be read would be the largest there is: refused rather than let through.
        length = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    }

    var description: String { "\(purpose) (\(name))" }

    func contains(_ address: IPAddress) -> Bool {
        switch (first, address) {
        case (.v4(let first), .v4(let address)): length == 0 || (first ^ address) >> (32 - length) == 0
        case (.v6(let first), .v6(let address)): length == 0 || (first ^ address) >> (128 - length) == 0
        case (.v4, .v6), (.v6, .v4): false
        }
    }

    /// All that is not public, the narrower block before the wider.
    static let all: [AddressBlock] = [
        AddressBlock("0.0.0.0/8", "this network", .nobody),
        AddressBlock("10.0.0.0/8", "private", .ownNetwork),
        AddressBlock("100.64.0.0/10", "shared by a carrier", .ownNetwork),
        AddressBlock("127.0.0.0/8", "loopback", .ownNetwork),
        AddressBlock("169.254.0.0/16", "link-local", .nobody),
        AddressBlock("172.16.0.0/12", "private", .ownNetwork),
        AddressBlock("192.0.0.0/24", "protocol assignments", .nobody),
        AddressBlock("192.0.2.0/24", "documentation", .nobody),
        AddressBlock("192.31.196.0/24", "AS112", .nobody),
        AddressBlock("192.52.193.0/24", "AMT", .nobody),
        AddressBlock("192.88.99.0/24", "6to4 relays", .nobody),
        AddressBlock("192.168.0.0/16", "private", .ownNetwork),
        AddressBlock("192.175.48.0/24", "AS112", .nobody),
        AddressBlock("198.18.0.0/15", "benchmarks", .nobody),
        AddressBlock("198.51.100.0/24", "documentation", .nobody),
        AddressBlock("203.0.113.0/24", "documentation", .nobody),
        AddressBlock("224.0.0.0/4", "multicast", .nobody),
        AddressBlock("240.0.0.0/4", "reserved", .nobody),

        AddressBlock("::/128", "unspecified", .nobody),
        AddressBlock("::1/128", "loopback", .ownNetwork),
        AddressBlock("::/96", "IPv4-compatible", .nobody),
        AddressBlock("::ffff:0:0/96", "IPv4-mapped", .carries(shift: 0)),
        AddressBlock("::ffff:0:0:0/96", "IPv4-translated", .nobody),
        AddressBlock("64:ff9b::/96", "NAT64", .carries(shift: 0)),
        AddressBlock("64:ff9b:1::/48", "local NAT64", .nobody),
        AddressBlock("100::/64", "discard-only", .nobody),
        AddressBlock("2001::/32", "Teredo", .nobody),
        AddressBlock("2001::/23", "protocol assignments", .nobody),
        AddressBlock("2001:db8::/32", "documentation", .nobody),
        AddressBlock("2002::/16", "6to4", .carries(shift: 80)),
        AddressBlock("3fff::/20", "documentation", .nobody),
        AddressBlock("fc00::/7", "unique local", .ownNetwork),
        AddressBlock("fe80::/10", "link-local", .nobody),
        AddressBlock("fec0::/10", "site-local", .nobody),
        AddressBlock("ff00::/8", "multicast", .nobody),
    ]

    /// All that is given out for the public Internet (RFC 4291, section 2.4, as IANA has it): what is in none of the
    /// blocks above and not in here is for no use that is known yet.
    static let globalUnicast = AddressBlock("2000::/3", "global unicast", .nobody)
}
