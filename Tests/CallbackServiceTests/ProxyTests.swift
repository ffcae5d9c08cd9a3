import TestSupport
import Testing

@testable import CallbackService

/// Over real sockets, with a proxy that is the partner as well.
@Suite struct ProxyTests {
    private func tell(
        host: String = "portal.test", allowances: Set<Partner.Allowance> = [.http], connects: String
    ) async throws -> (Result<PartnerReceipt, DeliveryFailure>, [String], lookedUp: [String]) {
        let lines = Recorder<String>()
        let names = Recorder<String>()
        let outcome = Recorder<Result<PartnerReceipt, DeliveryFailure>>()
        let lookup = HostLookup { name in
            names.add(name)
            return []
        }
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                lines.add(request.line)
                if request.line.hasPrefix("CONNECT ") {
                    try await connection.send("HTTP/1.1 \(connects)\r\n\r\n")
                } else {
                    try await connection.answer("200 OK")
                }
            }
        } _: { server in
            try await withClient(lookup: lookup) { client in
                let partner = try Partner.fixture(
                    "http://\(host)/{providerRequestId}", allowances: allowances,
                    proxy: .init(host: .address(.v4(0x7F00_0001)), port: server.port))
                do throws(DeliveryFailure) {
                    outcome.add(.success(try await client.tell(partner, .fixture("http://\(host)/r-1"))))
                } catch {
                    outcome.add(.failure(error))
                }
            }
        }
        return (try #require(outcome.all.first), lines.all, names.all)
    }

    @Test func theProxyIsToldTheNameAndNothingIsLookedUpHere() async throws {
        let (result, lines, lookedUp) = try await tell(connects: "200 Connected")
        #expect(try result.get() == PartnerReceipt(status: 200, addressFamily: nil))
        #expect(lines == ["CONNECT portal.test:80 HTTP/1.1", "POST /r-1 HTTP/1.1"])
        #expect(lookedUp.isEmpty)
    }

    @Test(arguments: ["403 Forbidden", "407 Who are you", "502 Away"])
    func aProxyThatDoesNotConnectIsNamed(connects: String) async throws {
        let (result, lines, _) = try await tell(connects: connects)
        guard case .failure(let failure) = result else { return #expect(Bool(false), "\(result)") }
        #expect(failure.code == .proxy && failure.verdict == .tryAgain && failure.addressFamily == nil)
        #expect(lines.count == 1)
    }

    /// A file that was good before `allow` was taken away is refused when it is read; the client refuses as well.
    @Test func anAddressThatIsForbiddenIsForbiddenBehindAProxyToo() async throws {
        let (result, lines, _) = try await tell(host: "169.254.169.254", connects: "200 Connected")
        guard case .failure(let failure) = result else { return #expect(Bool(false), "\(result)") }
        #expect(failure.code == .addressForbidden)
        #expect(lines.isEmpty)
    }
}
