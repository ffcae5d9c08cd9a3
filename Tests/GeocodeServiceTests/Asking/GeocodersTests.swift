import Contracts
import Foundation
import Logging
import ServiceRuntime
import Synchronization
import Testing

@testable import GeocodeService

@Suite(.timeLimit(.minutes(1))) final class GeocodersTests: Sendable {
    private struct NoLease: Lease {
        func hold() async throws(RateLimitRefusal) -> Int { throw .unknown }
        func release() async {}
    }

    private let made = Mutex<[String]>([])
    private let turns = Mutex<[String]>([])
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("geocoders-\(UUID())")

    deinit { try? FileManager.default.removeItem(at: directory) }  // Not every test makes it.

    private func geocoders(_ scripted: ScriptedGeocoder = ScriptedGeocoder(finds: .house())) throws -> Geocoders {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return Geocoders(
            cachePath: directory.appendingPathComponent("cache.sqlite").path, logger: Logger(label: "test"),
            limiter: { [self] name, rate in
                turns.withLock { $0.append(name) }
                return DistributedRateLimiter(NoLease(), perSecond: rate)
            },
            make: { [self] entry in
                made.withLock { $0.append(entry.name) }
                return scripted
            })
    }

    @Test func withoutAnEntryNobodyIsAskedAndNoFileIsMade() async throws {
        let geocoders = try geocoders()
        try await geocoders.use([], patience: .seconds(1))
        #expect(geocoders.streets == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func whatIsUnchangedStaysAndTheRestIsMadeAnew() async throws {
        let geocoders = try geocoders()
        var entries = [GeocoderEntry.test("a"), .test("b")]
        try await geocoders.use(entries, patience: .seconds(1))
        entries[1].timeout = .seconds(9)
        try await geocoders.use(entries.reversed(), patience: .seconds(2))
        #expect(made.withLock { $0 } == ["a", "b", "b"])
        #expect(geocoders.streets?.patience.limit == .seconds(2))
        try await geocoders.use([], patience: .seconds(1))
        #expect(geocoders.streets == nil)
    }

    @Test func aSharedTurnOutlivesItsEntry() async throws {
        let geocoders = try geocoders()
        var entry = GeocoderEntry.test("shared", kind: .nominatim)
        entry.rate = 1
        entry.isRateShared = true
        try await geocoders.use([entry], patience: .seconds(1))
        entry.rate = 0.5
        try await geocoders.use([entry], patience: .seconds(1))
        #expect(turns.withLock { $0 } == ["shared"])
        let failure = await #expect(throws: GeocoderFailure.self) {
            _ = try await geocoders.streets?.search.geocoders[0].find(.cityHall)
        }
        #expect(failure == .noTurn)
    }

    @Test func theSameAddressIsAskedOnce() async throws {
        let scripted = ScriptedGeocoder(finds: .house())
        let geocoders = try geocoders(scripted)
        try await geocoders.use([.test()], patience: .seconds(1))
        let asked = try #require(geocoders.streets?.search.geocoders[0])
        let first = try await asked.find(.cityHall)
        var again = PostalAddress.cityHall
        again.street = "  901  bagby ST."
        again.zip = "77002-1234"
        guard case .found(let match) = try await asked.find(again) else { return #expect(Bool(false)) }
        #expect(scripted.asked.count == 1)
        // All but the words that hold the street.
        var expected = StreetMatch.house()
        expected.matchedText = nil
        #expect(match == expected)
        #expect(first == .found(.house()))
    }
}
