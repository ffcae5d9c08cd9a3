/// Which addresses a partner may be reached at.
///
/// The file that names the partners is edited by people, and names are resolved by servers of others: neither shall
/// make this service talk to what only it can reach, such as the metadata service of a cloud.
struct AddressRule: Sendable, Hashable {
    /// Whether the operator's own networks are partners' places, too: loopback, RFC 1918, RFC 6598 and unique local
    /// addresses. Link-local ones, and with them clouds' metadata, never are.
    var allowsPrivateNetworks = false

    /// - Returns: why the address is refused; `nil` when it is not.
    func refusal(of address: IPAddress) -> String? {
        guard let block = AddressBlock.all.first(where: { $0.contains(address) }) else {
            if case .v6 = address, !AddressBlock.globalUnicast.contains(address) { return "not global unicast" }
            return nil
        }
        switch block.use {
        case .nobody: return "\(block)"
        case .ownNetwork: return allowsPrivateNetworks ? nil : "\(block)"
        case .carries(let shift):
            guard case .v6(let bits) = address else { return "\(block)" }
            return refusal(of: .v4(UInt32(truncatingIfNeeded: bits >> shift))).map { "\(block) of \($0)" }
        }
    }
}
