import AdminAPI
import Contracts
import Foundation
import GRDB
import PostgreSQL
import ServiceRuntime
import TestSupport
import Testing

@testable import IngestService

/// A SQLite file that is copied into PostgreSQL.
@Suite(.serialized, .enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(3)))
struct StoreCopyTests {
    private struct Stop: Error {}

    @Test func allThatIsInTheFileIsInTheDatabase() async throws {
        try await withPostgresStore { store, url in
            let directory = try TestDirectory.make("copy")
            let path = "\(directory)/intake.sqlite"
            let requests = try await Self.fill(path)
            let address = try #require(PostgresAddress(url))
            let before = try await Self.shown(path)
            // Ended in the middle, again and again: what is there stays, and what is missing comes.
            for pages in [1, 3, 2] {
                await #expect(throws: StoreCopy.Failure.self) {
                    try await onThread {
                        var left = pages
                        try StoreCopy(from: path, to: address, page: 7) {
                            left -= 1
                            if left == 0 { throw StoreCopy.Failure(text: "stopped") }
                        }.run()
                    }
                }
                // No service starts on a half of it.
                let error = await #expect(throws: StoreError.self) { _ = try await postgresStore(url) }
                #expect(error?.detail.contains("copy") == true)
            }
            let report = try await onThread {
                var said: [StoreCopy.Report.Table] = []
                let report = try StoreCopy(from: path, to: address, page: 7).run { said.append($0) }
                #expect(report.tables == said && report.tables.count > 10)
                return report
            }
            #expect(report.tables.first { $0.name == "request" }?.rows == requests.count)
            #expect(report.tables.allSatisfy { $0.sha256.count == 64 })
            let after = try await postgresStore(url, now: { Fixture.now })
            for request in requests {
                #expect(try await after.request(request.id) == before[request.id])
                #expect(try await after.accept(request, event: try Fixture.event(request)).duplicateOf == request.id)
            }
            #expect(try await after.requestCounts().map(\.accepted) == [requests.count])
            // What was not published yet is somebody's now, and numbers go on behind the old ones.
            #expect(try await after.takeOverOutbox(after: .zero, .zero, limit: 1000).count == requests.count)
            let next = Fixture.newRequest()
            _ = try await after.accepted(next, event: try Fixture.event(next))
            let order: [RequestID] = try await after.read {
                try $0.rows("SELECT id FROM request ORDER BY number") { try $0["id"] }
            }
            #expect(order == requests.map(\.id) + [next.id])
            // The index of words has the same key.
            let query = DeskQuery(
                organization: "relief-org", text: SearchText("Finder"), today: try #require(Day("2026-09-21")))
            #expect(try await after.deskPage(query).requests.map(\.id).contains(requests[0].id))
            _ = store
        }
    }

    @Test func aDatabaseThatHasRequestsIsRefused() async throws {
        try await withPostgresStore { store, url in
            let path = "\(try TestDirectory.make("copy"))/intake.sqlite"
            _ = try await Self.fill(path)
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let address = try #require(PostgresAddress(url))
            let error = await #expect(throws: StoreCopy.Failure.self) {
                try await onThread { try StoreCopy(from: path, to: address).run() }
            }
            #expect(error?.text == "the database is not empty: request has rows")
            try await store.checkWritable()
        }
    }

    @Test func aFileThatIsOpenIsRefused() async throws {
        try await withPostgresStore { _, url in
            let path = "\(try TestDirectory.make("copy"))/intake.sqlite"
            let running = try sqliteStore(path)
            try await running.checkWritable()
            let address = try #require(PostgresAddress(url))
            let error = await #expect(throws: StoreCopy.Failure.self) {
                try await onThread { try StoreCopy(from: path, to: address).run() }
            }
            #expect(error?.text.hasSuffix("another process has it open") == true)
            try await running.checkWritable()
        }
    }

    /// Requests of all kinds.
    private static func fill(_ path: String) async throws -> [NewRequest] {
        let store = try sqliteStore(path, now: { Fixture.now })
        var requests: [NewRequest] = []
        for number in 0..<40 {
            let submission = Fixture.submission(
                providerRequestID: "R-\(number)", name: number == 0 ? "Zoë Finder" : "Ada 😀 \(number)",
                providerData: number % 2 == 0 ? nil : "'; \\ \u{202E}")
            let request = Fixture.newRequest(at: Fixture.now + Double(number), submission: submission)
            _ = try await store.accept(request, event: try Fixture.event(request))
            requests.append(request)
            if number % 2 == 0 { _ = try await store.apply(Fixture.geocoded(), to: request.id) }
            if number % 3 == 0 { _ = try await store.apply(Fixture.decided(), to: request.id) }
            if number % 5 == 0 { _ = try await store.apply(Fixture.retrying(.callback, after: 1), to: request.id) }
            if number % 7 == 0 { _ = try await store.apply(Fixture.dead(.callback, after: 2), to: request.id) }
            if number % 11 == 0 { _ = try await store.apply(Fixture.delivered(), to: request.id) }
        }
        while try await store.indexForSearch(limit: 100) > 0 {}
        try await store.note(AuditEntry(at: Fixture.now, person: "ada", action: .noted))
        try store.end()
        return requests
    }

    private static func shown(_ path: String) async throws -> [RequestID: StoredRequest] {
        let store = try sqliteStore(path, now: { Fixture.now })
        let all = try await store.requests(RequestFilter(provider: "portal"), before: nil, limit: 1000).requests
        try store.end()
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }
}
