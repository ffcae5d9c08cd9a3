import Foundation
import NIOCore
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

@Suite struct SecretRotationTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)

    private static func secret(_ byte: UInt8) throws -> SigningSecret {
        try SigningSecret("whsec_" + Data(repeating: byte, count: 32).base64EncodedString())
    }

    /// - Parameters:
    ///   - after: hours after the start.
    ///   - overlap: hours.
    private static func rotation(
        _ byte: UInt8, after: Double, overlap: Double, replaced: [SigningSecret] = []
    ) throws -> SecretRotation {
        let since = start.addingTimeInterval(after * 3600)
        return SecretRotation(
            provider: "portal", secret: try secret(byte), since: since, by: "olu",
            overlapEnd: since.addingTimeInterval(overlap * 3600), replaced: replaced.map(\.id))
    }

    private static func signing(
        _ rotations: [SecretRotation], _ file: [SigningSecret], after hours: Double
    ) -> [SigningSecret] {
        SecretRotations(rotations).current(after: file, at: start.addingTimeInterval(hours * 3600)).map(\.secret)
    }

    @Test func withoutARotationTheFileSigns() throws {
        let file = [try Self.secret(1), try Self.secret(2)]
        #expect(Self.signing([], file, after: 0) == file)
        #expect(Self.signing([], [], after: 0) == [])
    }

    @Test func theFilesSecretsSignUntilTheOverlapHasPassed() throws {
        let file = [try Self.secret(1)]
        let rotations = [try Self.rotation(2, after: 0, overlap: 24, replaced: file)]
        let both = [try Self.secret(2)] + file
        #expect(Self.signing(rotations, file, after: 0) == both)
        #expect(Self.signing(rotations, file, after: 23.9) == both)
        #expect(Self.signing(rotations, file, after: 24) == [try Self.secret(2)])
        let current = SecretRotations(rotations).current(after: file, at: Self.start)
        #expect(current.map(\.until) == [nil, Self.start.addingTimeInterval(24 * 3600)])
    }

    @Test func eachRotationEndsWhatCameBefore() throws {
        let file = [try Self.secret(1)]
        let rotations = [
            try Self.rotation(2, after: 0, overlap: 24, replaced: file),
            try Self.rotation(3, after: 1, overlap: 48, replaced: file),
            // Others know them: at once.
            try Self.rotation(4, after: 30, overlap: 0, replaced: file),
        ]
        #expect(try Self.signing(Array(rotations.prefix(2)), file, after: 2) == [3, 2, 1].map(Self.secret))
        // The first overlap's end stays.
        #expect(try Self.signing(Array(rotations.prefix(2)), file, after: 25) == [3, 2].map(Self.secret))
        #expect(Self.signing(rotations.shuffled(), file, after: 30) == [try Self.secret(4)])
    }

    @Test func whatTheFileNamesLaterSignsToo() throws {
        let old = try Self.secret(1)
        let rotations = [try Self.rotation(2, after: 0, overlap: 1, replaced: [old])]
        let new = try Self.secret(3)
        #expect(Self.signing(rotations, [new, old], after: 2) == [try Self.secret(2), new])
        // The operator has written it down: it is the file's from then on, once.
        #expect(Self.signing(rotations, [try Self.secret(2)], after: 2) == [try Self.secret(2)])
        let next = rotations + [try Self.rotation(4, after: 3, overlap: 1, replaced: [try Self.secret(2)])]
        #expect(try Self.signing(next, [try Self.secret(2)], after: 3.5) == [4, 2].map(Self.secret))
        #expect(Self.signing(next, [try Self.secret(2)], after: 5) == [try Self.secret(4)])
    }

    @Test func onlyWhatCanNeverSignAgainIsForgotten() throws {
        let file = [try Self.secret(1)]
        let rotations = SecretRotations([
            try Self.rotation(2, after: 0, overlap: 24, replaced: file),
            try Self.rotation(3, after: 30, overlap: 24, replaced: file),
        ])
        #expect(rotations.ended(at: Self.start.addingTimeInterval(40 * 3600)) == [])
        let end = Self.start.addingTimeInterval(54 * 3600)
        #expect(rotations.ended(at: end).map(\.secret) == [try Self.secret(2)])
        // Nothing comes back with that.
        let rest = SecretRotations(rotations.rotations.filter { !rotations.ended(at: end).contains($0) })
        #expect(rest.current(after: file, at: end).map(\.secret) == [try Self.secret(3)])
    }

    @Test func aNewSecretIsOne() throws {
        let made = SigningSecret()
        #expect(try SigningSecret(made.text.revealed) == made && made != SigningSecret())
        #expect(made.text.revealed.count == "whsec_".count + 44)
    }

    // MARK: What is kept, and what signs

    private struct Service {
        var state: CallbackState
        var secrets: RotatedSecrets
        var partner: Partner

        init(_ place: StateDriver.Place, _ partner: Partner) async throws {
            state = try await place.state()
            secrets = try await RotatedSecrets(state, logger: .silent)
            self.partner = partner
        }

        var signing: [SigningSecret] {
            secrets.applied(to: Partners(byID: [partner.id: partner]))[partner.id]?.signingSecrets ?? []
        }
    }

    @Test(arguments: StateDriver.allCases)
    func whatWasChangedOutlastsTheProcessAndReachesOthers(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in try await reachesOthers(place) }
    }

    private func reachesOthers(_ place: StateDriver.Place) async throws {
        let partner = try Partner.fixture(
            "https://portal.example/{providerRequestId}", signingSecrets: [try Self.secret(1)])
        let (first, other) = (try await Service(place, partner), try await Service(place, partner))
        try await first.secrets.rotate(partner, to: try Self.secret(2), overlap: .seconds(3600), by: "olu")
        #expect(try first.signing == [2, 1].map(Self.secret))
        #expect(try await Service(place, partner).signing == [2, 1].map(Self.secret))
        // One that another process was told of already is the same one.
        try await other.secrets.rotate(partner, to: try Self.secret(2), overlap: .zero, by: "olu")
        #expect(try other.signing == [2, 1].map(Self.secret))
        try await other.secrets.rotate(partner, to: try Self.secret(3), overlap: .zero, by: "olu")
        #expect(other.signing == [try Self.secret(3)])
        // Nobody else is concerned.
        let stranger = try Partner.fixture(
            "https://other.example/{providerRequestId}", id: "other", signingSecrets: [try Self.secret(9)])
        let applied = other.secrets.applied(to: Partners(byID: ["other": stranger, partner.id: partner]))
        #expect(applied["other"] == stranger && applied["nobody"] == nil)
    }

    @Test func moreThanFourDoNotSign() async throws {
        let partner = try Partner.fixture(
            "https://portal.example/{providerRequestId}", signingSecrets: [try Self.secret(1)])
        let service = try await Service(.file(try TestDirectory.make("callback") + "/callback.sqlite"), partner)
        for byte: UInt8 in 2...4 {
            try await service.secrets.rotate(partner, to: try Self.secret(byte), overlap: .seconds(60), by: "olu")
        }
        let error = await #expect(throws: RotatedSecrets.TooMany.self) {
            try await service.secrets.rotate(partner, to: try Self.secret(5), overlap: .seconds(60), by: "olu")
        }
        #expect(error?.until != nil)
        #expect(try service.signing == [4, 3, 2, 1].map(Self.secret))
        try await service.secrets.rotate(partner, to: try Self.secret(5), overlap: .zero, by: "olu")
        #expect(service.signing == [try Self.secret(5)])
    }

    @Test func aCallbackCarriesASignatureOfEach() async throws {
        let path = try TestDirectory.make("callback") + "/callback.sqlite"
        let requests = Recorder<TestConnection.Request>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("200 OK", headers: [], body: "")
            }
        } _: { server in
            let partner = try Partner.fixture(server.template, signingSecrets: [try Self.secret(1)])
            let service = try await Service(.file(path), partner)
            try await withClient { client in
                for (byte, overlap) in [(UInt8(2), Duration.seconds(60)), (3, .zero)] {
                    try await service.secrets.rotate(
                        partner, to: try Self.secret(byte), overlap: overlap, by: "olu")
                    let told = try #require(service.secrets.applied(to: Partners(byID: ["portal": partner]))["portal"])
                    _ = try await client.tell(
                        told, Callback(url: "\(server.url)/1", body: ByteBuffer(string: "{}"), idempotencyKey: "1"))
                }
            }
        }
        for (request, expected) in zip(requests.all, [[2, 1], [3]] as [[UInt8]]) {
            let timestamp = try #require(request.headers["webhook-timestamp"].flatMap(Int.init))
            let signatures = try expected.map {
                try Self.secret($0).signature(id: "1", timestamp: timestamp, body: Array("{}".utf8))
            }
            #expect(request.headers["webhook-signature"] == signatures.joined(separator: " "))
        }
        #expect(requests.all.count == 2)
    }

    @Test(arguments: StateDriver.allCases)
    func aStrangersRowIsNamedWithoutItsValue(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let state = try await place.state()
            switch place {
            case .file(let path):
                try SQLiteFile(path).execute("INSERT INTO secret VALUES ('portal', 'hunter2', 0, 'me', 0, '')")
            case .server(let url):
                try await PostgresServer.shared().run(
                    "INSERT INTO callback_secret VALUES ('portal', 'hunter2', 0, 'me', 0, '')",
                    in: try StateDriver.Place.database(url))
            }
            let error = await #expect(throws: CallbackState.Failure.self) {
                try await RotatedSecrets(state, logger: .silent)
            }
            #expect(error?.detail == "a secret in it does not start with whsec_")
        }
    }
}
