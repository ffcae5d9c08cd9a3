import AdminAPI
import Contracts
import Foundation
import GRDB
import Testing

@testable import IngestService

/// Schema migrations.
@Suite(.serialized)
struct SchemaMigrationTests {
    @Test func aStoreOfTheFirstReleaseIsTakenOver() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("intake-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            // What stays behind is a temporary file.
            try? FileManager.default.removeItem(at: directory)
        }
        let path = directory.appendingPathComponent("intake.sqlite").path
        let ids = (0..<3).map { Fixture.id(at: Fixture.now + Double($0)) }
        try await makeOldStore(path, ids)

        let store = try sqliteStore(path)
        let told = try #require(try await store.request(ids[0]))
        #expect(told.submission.name == "Ada 0" && told.submission.address.street == "0 Main St")
        #expect(told.submission.providerData == "NE-7" && told.job == .completed)
        #expect(told.receipt == Receipt(acceptance: true, httpStatus: 200, attempt: 2, deliveredAt: Fixture.now + 3))
        #expect(told.organizationProgress == OrganizationProgress() && told.geocoding?.county == "Suffolk")
        #expect(try await store.request(ids[1])?.job == .inProgress(stage: .geocode, retry: nil))
        guard case .failed(.geocode, let deadLettering) = try await store.request(ids[2])?.job else {
            Issue.record("the dead one is not dead any more")
            return
        }
        #expect(deadLettering.sequence == nil)
        // What was known of a stage is known of the message that it was about; what was kept of that one is bounded.
        let letter = try #require(try await store.deadLetters(Fixture.messageID(.geocode)).first)
        #expect(letter.message.body.count == DeadLetterRecord.longestBody && letter.message.bodyBytes == 100_000)
        _ = try await store.apply(Fixture.replayed(.geocode, deadLettering: 0, after: 9, replays: 0), to: ids[2])
        #expect(try await store.request(ids[2])?.job == .inProgress(stage: .geocode, retry: nil))
        _ = try await store.apply(Fixture.dead(.geocode, after: -60, replays: 1), to: ids[2])
        let later = Fixture.now + 600
        #expect(try await store.pending(notMovedSince: later, after: nil, limit: 9).map(\.movedAt) == [Fixture.now + 1])
        #expect(try await store.requests(of: "portal", before: nil, limit: 10).map(\.id) == ids.reversed())
        let counts = try await store.requestCounts()
        #expect(counts == [RequestCounts(provider: "portal", accepted: 3, told: 1, pending: 1, review: 0, dead: 1)])
        let again = Fixture.newRequest(submission: Fixture.submission(providerRequestID: "R-1"))
        #expect(try await store.accept(again, event: try Fixture.event(again)).duplicateOf == ids[1])
    }

    private func makeOldStore(_ path: String, _ ids: [RequestID]) async throws {
        let pool = try DatabasePool(path: path)
        try SQLiteSchema.migrator.migrate(pool, upTo: "2 dead letters")
        try await pool.write { database in
            // Not in the order of the ids.
            for index in [2, 0, 1] {
                try database.execute(
                    sql: """
                        INSERT INTO request (id, provider, provider_request_id, organization, accepted_at, name, street,
                            city, state, zip, phone, email, provider_data)
                        VALUES (?, 'portal', ?, 'relief-org', ?, ?, ?, 'Boston', 'ma', '02108', '1', 'a@b.c', 'NE-7')
                        """,
                    arguments: [
                        "\(ids[index])", "R-\(index)", Fixture.now.milliseconds + Int64(index) * 1000, "Ada \(index)",
                        "\(index) Main St",
                    ])
            }
            let now = Fixture.now.milliseconds
            try database.execute(
                sql: """
                    UPDATE request SET geocoded_at = ?, county = 'Suffolk', told_at = ?, told_acceptance = 1,
                        told_status = 200, told_attempt = 2 WHERE id = ?
                    """, arguments: [now + 1000, now + 3000, "\(ids[0])"])
            try database.execute(
                sql: """
                    INSERT INTO stage_trouble (request_id, stage, dead_at, dead_reason, dead_code, dead_message)
                    VALUES (?, 'geocode', ?, 'permanent', 'x', 'y')
                    """, arguments: ["\(ids[2])", now])
            try database.execute(
                sql: """
                    INSERT INTO dead_letter (stage, message_id, request_id, died_at, reason, code, message, attempts,
                        headers, body)
                    VALUES ('geocode', ?, ?, ?, 'permanent', 'x', 'y', 1, x'7b7d', zeroblob(100000))
                    """, arguments: [Fixture.messageID(.geocode).canonical, "\(ids[2])", now])
        }
        try pool.close()
    }
}
