import Contracts
import Foundation
import GRDB
import Logging
import Synchronization
import TestSupport
import Testing

@testable import GeocodeService

@Suite(.timeLimit(.minutes(1))) final class AnswerCacheTests: Sendable {
    private let directory: URL
    private let path: String
    private let now = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
    private let key = AddressKey(.cityHall, askedOf: .test())

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appendingPathComponent("cache.sqlite").path
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func cache(_ path: String?, largest: Int = AnswerCache.largest) -> AnswerCache {
        AnswerCache(path: path, largest: largest, logger: Logger.silent) {
            [self] in now.withLock { $0 }
        }
    }

    private var kept: StreetFinding {
        var match = StreetMatch.house()
        match.matchedText = nil
        return .found(match)
    }

    @Test func keepsAnswersAndNonAnswersAcrossARestart() async {
        let other = AddressKey(.cityHall, askedOf: .test("other"))
        let first = cache(path)
        await first.keep(.found(.house()), for: key, lifetime: .seconds(10))
        await first.keep(.noMatch, for: other, lifetime: .seconds(10))
        let second = cache(path)
        #expect(await second.answer(to: key) == kept)
        #expect(await second.answer(to: other) == .noMatch)
    }

    @Test func theFileHoldsNoStreetAndIsItsOwnersAlone() async throws {
        await cache(path).keep(.found(.house()), for: key, lifetime: .seconds(10))
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let file = directory.appendingPathComponent(name)
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self).uppercased()
            #expect(!text.contains("BAGBY") && !text.contains("77002"))
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func whatIsOldIsNotKnownAndGoes() async throws {
        let cache = cache(path)
        for number in 0..<15 {
            var entry = GeocoderEntry.test()
            entry.location = "\(number)"
            await cache.keep(.noMatch, for: AddressKey(.cityHall, askedOf: entry), lifetime: .seconds(10))
        }
        await cache.keep(.noMatch, for: key, lifetime: .seconds(30))
        now.withLock { $0 += 10 }
        #expect(await cache.answer(to: AddressKey(.cityHall, askedOf: .test())) == .noMatch)
        // Ten go with each answer that is kept.
        for _ in 0..<2 { await cache.keep(.noMatch, for: key, lifetime: .seconds(30)) }
        let rows = try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM answer") }
        #expect(rows == 1)
    }

    @Test func aLifetimeOfZeroKeepsNothing() async {
        let cache = cache(path)
        await cache.keep(.noMatch, for: key, lifetime: .zero)
        #expect(await cache.answer(to: key) == nil)
    }

    @Test func whatIsNoDatabaseIsPutAsideAndReplaced() async throws {
        try Data(repeating: 0x5A, count: 20_000).write(to: URL(fileURLWithPath: path))
        let cache = cache(path)
        await cache.keep(.noMatch, for: key, lifetime: .seconds(10))
        #expect(await cache.answer(to: key) == .noMatch)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + ".damaged")).count == 20_000)
    }

    @Test func aFileThatIsDamagedUnderWayStopsNobody() async throws {
        let cache = cache(path)
        await cache.keep(.noMatch, for: key, lifetime: .seconds(10))
        for suffix in ["", "-wal", "-shm"] {
            try Data(repeating: 0x5A, count: 40_000).write(to: URL(fileURLWithPath: path + suffix))
        }
        _ = await cache.answer(to: key)
        await cache.keep(.noMatch, for: key, lifetime: .seconds(10))
    }

    @Test func withoutAUsableFileNothingIsKnownAndNothingFails() async {
        for path in [nil, "/nowhere/at/all/cache.sqlite", directory.path] {
            let cache = cache(path)
            await cache.keep(.noMatch, for: key, lifetime: .seconds(10))
            #expect(await cache.answer(to: key) == nil)
        }
    }

    @Test func aFullFileMakesRoom() async throws {
        let cache = cache(path, largest: 128 << 10)
        var last = key
        for number in 0..<2_000 {
            var entry = GeocoderEntry.test()
            entry.location = "\(number)"
            last = AddressKey(.cityHall, askedOf: entry)
            await cache.keep(.found(.house()), for: last, lifetime: .seconds(number + 1))
        }
        #expect(await cache.answer(to: last) == kept)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect(try #require(size) <= 128 << 10)
    }

    @Test func spellingsOfOneAddressHaveOneKeyAndOthersHaveTheirOwn() {
        func key(
            _ street: String, _ city: String = "Houston", zip: String = "77002", of name: String = "scripted"
        ) -> AddressKey {
            AddressKey(PostalAddress(street: street, city: city, state: "TX", zip: zip), askedOf: .test(name))
        }
        #expect(key("901 Bagby St") == key(" 901  BAGBY ST. ", "houston", zip: "77002-1234"))
        let others = [
            key("902 Bagby St"), key("901 Bagby St", "Dallas"), key("901 Bagby St", zip: "77003"),
            key("901 Bagby St", of: "other"), key("901 Bagby", "St Houston"),
        ]
        #expect(Set(others + [key("901 Bagby St")]).count == 6)
    }
}
