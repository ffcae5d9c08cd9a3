import Foundation
import ServiceRuntime
import Testing

@testable import CallbackService

/// Which URLs a callbacks file may have, and which addresses their names.
@Suite struct PartnerURLTests {
    private static func parse(_ url: String, allow: String = "") throws -> Partners {
        let quoted = url.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return try Partners.parse(
            Array("providers: {a: {url: \"\(quoted)/{providerRequestId}\", allow: [\(allow)]}}".utf8),
            secrets: .ofProcess)
    }

    @Test(arguments: [
        // Without TLS, and other schemes.
        "http://portal.example", "ftp://portal.example", "file://", "gopher://portal.example", "unix:///run/socket",
        "http+unix://%2Frun%2Fsocket", "javascript://portal.example", "//portal.example", "https:portal.example",
        // Addresses that are nobody's on the Internet.
        "https://127.0.0.1", "https://127.8.9.10:8443", "https://0.0.0.0", "https://10.0.0.1", "https://172.16.5.4",
        "https://192.168.1.1", "https://169.254.169.254", "https://100.100.100.200", "https://198.18.0.1",
        "https://192.0.2.1", "https://224.0.0.1", "https://255.255.255.255", "https://240.1.2.3",
        "https://[::1]", "https://[::]", "https://[fe80::1]", "https://[fd00:ec2::254]", "https://[ff02::1]",
        "https://[fec0::1]", "https://[100::1]", "https://[2001:db8::1]", "https://[::ffff:127.0.0.1]",
        "https://[::ffff:7f00:1]", "https://[::ffff:169.254.169.254]", "https://[::127.0.0.1]",
        "https://[64:ff9b::7f00:1]", "https://[64:ff9b:1::1]", "https://[2002:7f00:1::]", "https://[2001:0:7f00:1::]",
        // Addresses in disguise.
        "https://2130706433", "https://0x7f000001", "https://0x7f.1", "https://127.1", "https://127.0.1",
        "https://017700000001", "https://0177.0.0.1", "https://127.0.0.1.", "https://0x7F.0x0.0x0.0x1",
        "https://1.2.3.4.5", "https://portal.0x7f", "https://portal.1", "https://[127.0.0.1]", "https://00.0.0.0",
        // Zones, brackets, empty and broken hosts.
        "https://[fe80::1%25eth0]", "https://[fe80::1%eth0]", "https://[::1", "https://::1", "https://[]",
        "https://[::1]]", "https://[[::1]]", "https://", "https://:443", "https://.", "https://..",
        "https://portal..example",
        "https://.portal.example", "https://portal.example.", "https://-portal.example", "https://portal-.example",
        // Names of this host.
        "https://localhost", "https://LOCALHOST", "https://localhost.", "https://portal.localhost",
        // Tricks with what parsers take for the host.
        "https://user@portal.example", "https://user:pw@portal.example", "https://portal.example@127.0.0.1",
        "https://127.0.0.1\\@portal.example", "https://portal.example\\.evil.example", "https://portal.example%2eevil",
        "https://%31%32%37.0.0.1", "https://portal%00.example", "https://portal.example#@127.0.0.1",
        "https://①②⑦.0.0.1", "https://pörtal.example", "https://portal。example", "https://por tal.example",
        "https://portal.example:0", "https://portal.example:65536", "https://portal.example:+443",
        "https://portal.example:443:80", "https://portal.example:x", "https://portal.example:", "https:/portal.example",
        "https://portal.example\t", "https://portal,example", "https://portal$example", "https://*.example",
    ])
    func aHostileURLIsRefused(url: String) throws {
        let problems = #expect(throws: FileProblems.self) { try Self.parse(url) }
        #expect(problems?.problems.count == 1, "\(problems?.problems ?? [])")
        #expect(
            problems?.problems.first?.hasPrefix("providers.a.url (line 1): ") == true, "\(problems?.problems ?? [])")
    }

    @Test(arguments: [
        ("https://portal.example", "https://portal.example"),
        ("HTTPS://Portal.Example", "https://portal.example"),
        ("https://portal.example:8443/api", "https://portal.example:8443"),
        ("https://a-b.c_d.example", "https://a-b.c_d.example"),
        ("https://xn--prtal-jua.example", "https://xn--prtal-jua.example"),
        ("https://93.184.216.34", "https://93.184.216.34"),
        ("https://93.184.216.34:8443", "https://93.184.216.34:8443"),
        ("https://[2606:4700:4700::1111]", "https://[2606:4700:4700::1111]"),
        ("https://[2606:4700:4700:0::1111]:8443", "https://[2606:4700:4700::1111]:8443"),
        ("https://portal", "https://portal"),
        ("https://7.example", "https://7.example"),
        ("https://1.2.3.example", "https://1.2.3.example"),
        ("https://localhost.example", "https://localhost.example"),
        ("https://portal.example/a@b", "https://portal.example"),
        ("https://portal.example/127.0.0.1", "https://portal.example"),
    ])
    func aUsualURLIsTaken(url: String, origin: String) throws {
        let partner = try #require(try Self.parse(url)["a"])
        #expect(partner.url.origin == origin)
        // Who sends it reads the very host that was looked at here.
        let sent = try #require(partner.url.url(for: "r-1").flatMap { URL(string: $0) })
        #expect(
            sent.host().map { $0.trimmingPrefix("[").prefix { $0 != "]" } }
                == Substring(
                    partner.url.host.description
                ).trimmingPrefix("[").prefix { $0 != "]" })
        #expect(sent.absoluteString.hasPrefix(origin))
    }

    @Test(arguments: [
        ("http://portal.example", "http"), ("http://127.0.0.1:8090", "http, private-networks"),
        ("https://10.0.0.1", "private-networks"), ("https://localhost", "private-networks"),
        ("http://[::1]:8090", "private-networks, http"), ("https://[fd00::1]", "private-networks"),
    ])
    func whatTheFileAllowsIsTaken(url: String, allow: String) throws {
        #expect(try Self.parse(url, allow: allow)["a"] != nil)
    }

    @Test(arguments: [
        ("https://169.254.169.254", "private-networks"), ("https://[fe80::1]", "private-networks"),
        ("https://0.0.0.0", "private-networks"), ("http://10.0.0.1", "private-networks"),
        ("http://10.0.0.1", "http"), ("https://255.255.255.255", "private-networks"),
    ])
    func someThingsNoFileCanAllow(url: String, allow: String) throws {
        #expect(throws: FileProblems.self) { try Self.parse(url, allow: allow) }
    }

    /// What names lead to, whoever answers for them.
    @Test(arguments: [
        ["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["0.0.0.0"], ["::1"], ["fd00::1"], ["fe80::1"],
        ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:a00:1::"], ["93.184.216.34", "10.0.0.7"],
        ["10.0.0.7", "93.184.216.34"], ["2606:4700:4700::1111", "::1"], ["93.184.216.34", "169.254.169.254"],
        ["100.64.0.9"], ["192.168.1.1"], ["255.255.255.255"], ["224.0.0.251"],
    ])
    func aNameWithAForbiddenAddressIsRefusedWhole(addresses: [String]) async throws {
        let lookup = HostLookup { _ in addresses.compactMap { IPAddress($0) } }
        try await withClient(lookup: lookup) { client in
            let partner = try Partner.fixture("https://portal.example/{providerRequestId}", allowances: [])
            let failure = await #expect(throws: DeliveryFailure.self) {
                try await client.tell(partner, .fixture("https://portal.example/r-1"))
            }
            #expect(failure?.code == .addressForbidden)
            #expect(failure?.verdict == .needsOperator)
            #expect(failure?.addressFamily == nil)
            // The partner may read the message, and learns nothing of the network from it.
            #expect(addresses.allSatisfy { failure?.message.contains($0) == false })
        }
    }
}
