import Testing

@testable import CallbackService

@Suite struct AddressRuleTests {
    /// Nothing that only this host or its network can reach, in any of the ways in which an address can say it.
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1",
        "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170",
        "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::192.168.1.1", "64:ff9b:1::8.8.8.8", "100::1",
        "2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
        "2002:a9fe:a9fe::", "2002:c0a8:101::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456:789a::1", "fd00:ec2::254",
        "fe80::1", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1", "4000::1", "1::1", "e000::1",
    ])
    func whatIsNotPublicIsRefused(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressRule().refusal(of: address) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
        "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2001:200::1", "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2400:cb00::1",
        "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1", "2001:db7:ffff::1", "2001:db9::1", "3ffe::1",
    ])
    func whatIsPublicIsNot(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressRule().refusal(of: address) == nil)
        #expect(AddressRule(allowsPrivateNetworks: true).refusal(of: address) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("192.168.1.1", true), ("100.64.0.1", true),
        ("::1", true), ("fd00::1", true), ("::ffff:10.0.0.1", true), ("169.254.169.254", false), ("0.0.0.0", false),
        ("255.255.255.255", false), ("224.0.0.1", false), ("::", false), ("fe80::1", false), ("fec0::1", false),
        ("::ffff:169.254.169.254", false), ("64:ff9b::a9fe:a9fe", false), ("192.0.2.1", false), ("ff02::1", false),
    ])
    func privateNetworksAreTheOperatorsOwnAlone(text: String, isAllowed: Bool) throws {
        let address = try #require(IPAddress(text))
        #expect((AddressRule(allowsPrivateNetworks: true).refusal(of: address) == nil) == isAllowed)
    }

    @Test func refusalsSayWhatAnAddressIs() throws {
        let rule = AddressRule()
        #expect(rule.refusal(of: try #require(IPAddress("169.254.169.254"))) == "link-local (169.254.0.0/16)")
        #expect(
            rule.refusal(of: try #require(IPAddress("64:ff9b::7f00:1")))
                == "NAT64 (64:ff9b::/96) of loopback (127.0.0.0/8)")
        #expect(rule.refusal(of: try #require(IPAddress("4000::1"))) == "not global unicast")
    }

    @Test func everyBlockIsWrittenWell() {
        for block in AddressBlock.all + [.globalUnicast] {
            let parts = block.name.split(separator: "/")
            #expect(parts.count == 2 && IPAddress(String(parts[0])) != nil && Int(parts[1]) != nil, "\(block)")
        }
    }

    @Test(arguments: [
        "127.1", "0x7f.0.0.1", "2130706433", "127.0.0.01", "0177.0.0.1", "fe80::1%lo", "[::1]", "", "::g",
    ])
    func onlyFullAddressesAreRead(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: ["93.184.216.34", "2001:db8::1", "::", "fe80::1:2:3"])
    func anAddressIsWrittenAsItIsRead(text: String) {
        #expect(IPAddress(text)?.description == text)
    }
}
