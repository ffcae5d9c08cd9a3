import Contracts
import TestSupport
import Testing

@testable import CallbackService

/// Over real sockets, with an authority of the tests' own.
@Suite struct TLSTests {
    /// Tells a partner that speaks TLS as `partner.test`.
    private func tell(
        host: String = TestCertificates.host, authority: String? = TestCertificates.authority
    ) async throws -> (Result<PartnerReceipt, DeliveryFailure>, ExchangeRecorder, [TestConnection.Request]) {
        let requests = Recorder<TestConnection.Request>()
        let outcome = Recorder<Result<PartnerReceipt, DeliveryFailure>>()
        let recorder = ExchangeRecorder()
        try await TestServer.serving(tls: try TestCertificates.serverContext()) { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("200 OK")
            }
        } _: { server in
            try await withClient(lookup: HostLookup { _ in [.v4(0x7F00_0001)] }) { client in
                let partner = try Partner.fixture(
                    "https://\(host):\(server.port)/{providerRequestId}", certificateAuthorities: authority)
                do throws(DeliveryFailure) {
                    let url = partner.url.url(for: "r-1") ?? ""
                    outcome.add(.success(try await client.tell(partner, .fixture(url), recorder: recorder)))
                } catch {
                    outcome.add(.failure(error))
                }
            }
        }
        return (try #require(outcome.all.first), recorder, requests.all)
    }

    @Test func aPartnerOfAPrivateAuthorityIsTold() async throws {
        let (result, recorder, requests) = try await tell()
        #expect(try result.get() == PartnerReceipt(status: 200, addressFamily: .ipv4))
        #expect(requests.first?.headers["host"]?.hasPrefix("partner.test:") == true)
        #expect(recorder.record.client?.tlsVersion == "TLSv1.3")
        #expect(recorder.record.client?.address == .v4(0x7F00_0001))
    }

    @Test func anAuthorityThatTheSystemDoesNotKnowIsRefused() async throws {
        let (result, _, requests) = try await tell(authority: nil)
        guard case .failure(let failure) = result else { return #expect(Bool(false), "\(result)") }
        #expect(failure.code == .tls && failure.verdict == .tryAgain)
        #expect(requests.isEmpty)
    }

    @Test func aCertificateOfAnotherNameIsRefused() async throws {
        let (result, _, requests) = try await tell(host: "other.test")
        guard case .failure(let failure) = result else { return #expect(Bool(false), "\(result)") }
        #expect(failure.code == .tls)
        #expect(requests.isEmpty)
    }
}
