import ServiceRuntime
import Testing

@testable import CallbackService

/// Each partner's queue has a channel of the connection, and there are not more than RabbitMQ gives.
@Suite struct PartnerCountTests {
    @Test(arguments: [(2000, true), (2001, false), (3000, false)])
    func moreThanThereAreChannelsForAreRefused(_ count: Int, _ isTaken: Bool) throws {
        let entries = (0..<count).map { "  p\($0): {url: \"https://partner.example/{providerRequestId}\"}\n" }
        let yaml = "providers:\n" + entries.joined()
        do {
            let partners = try Partners.parse(Array(yaml.utf8), secrets: .ofProcess)
            #expect(isTaken && partners.byID.count == count)
        } catch {
            #expect(!isTaken && error.problems.count == 1)
            #expect(error.problems[0].hasPrefix("providers (line 2): has \(count) entries, and at most 2000 are taken"))
        }
    }
}
