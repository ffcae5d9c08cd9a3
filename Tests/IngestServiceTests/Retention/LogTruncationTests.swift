import AdminAPI
import Contracts
import Foundation
import GRDB
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceRuntime
import Testing

@testable import IngestService

/// What is erased leaves the log beside the file, too; as long as it cannot, nobody says that it has.
///
/// The store's log after an erasure.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LogTruncationTests {
    @Test func anErasureIsPendingWhileAReaderIsOpen() async throws {
        try await withSQLiteStore { store, path in
            let (tries, tried) = AsyncStream<Void>.makeStream()
            let (turns, turn) = AsyncStream<Void>.makeStream()
            let log = LogTruncation(
                store: store, metrics: IngestMetrics(), logger: Logger(label: "test"),
                sleep: { _ in
                    tried.yield()
                    for await _ in turns { return }
                    throw CancellationError()
                })
            let request = Fixture.newRequest(submission: Fixture.submission(name: "Wilhelmina Example"))
            _ = try await store.accept(request, event: try Fixture.event(request))
            _ = try await store.apply(Fixture.geocoded(), to: request.id)

            let reader = try otherConnection(path)
            try await reader.writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN")
                _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM request")
            }
            try await serve(store, log) { api in
                let path = "/admin/requests/\(request.id)/erase"
                let start = ContinuousClock.now
                let erased = try await api.send(.post, path)
                #expect(erased.status == 202)
                #expect(erased.json["erased"] as? Bool == true && erased.json["pending"] as? Bool == true)
                // Nobody waits for the reader: neither who erases nor who writes.
                try await store.checkWritable()
                #expect(start.duration(to: .now) < .seconds(3))
                #expect(try await api.send(.post, path).json["pending"] as? Bool == true, "still")
            }
            #expect(try text(path).contains("Wilhelmina"))

            try await withThrowingTaskGroup { group in
                group.addTask { try await log.run() }
                var rounds = tries.makeAsyncIterator()
                await rounds.next()
                #expect(try text(path).contains("Wilhelmina"))
                try await reader.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
                turn.yield()
                await rounds.next()
                #expect(try !text(path).contains("Wilhelmina"))
                group.cancelAll()
                turn.finish()
                try await group.waitForAll()
            }
            try await serve(store, log) { api in
                let again = try await api.send(.post, "/admin/requests/\(request.id)/erase")
                #expect(again.status == 200 && again.json["pending"] as? Bool == false)
            }
        }
    }

    @Test func aStoreThatCannotCutItsLogSaysSo() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            let log = LogTruncation(store: store, metrics: IngestMetrics(), logger: Logger(label: "test"))
            faults.fail(.truncate, times: 1)
            #expect(await log.truncate() == false)
            #expect(await log.truncate())
        }
    }

    private func text(_ path: String) throws -> String {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes += try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func serve(
        _ store: RequestStore, _ log: LogTruncation,
        _ body: @escaping @Sendable (APIHarness) async throws -> Void
    ) async throws {
        let router = Router()
        let controller = RequestAdminController(
            access: StoreAccess(store: store), log: log, now: { Fixture.now + 60 })
        router.group("admin").serve(EraseRequest.self, controller.erase)
        try await Application(router: router).test(.router) { client in
            try await body(APIHarness(client: client, handedOver: APIHarness.HandedOver()))
        }
    }
}
