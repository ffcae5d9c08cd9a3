/// By which protocol a partner was reached. Open: new ones may be added.
package struct AddressFamily: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ipv4 = AddressFamily(rawValue: "IPv4")
    package static let ipv6 = AddressFamily(rawValue: "IPv6")
}
