import Contracts
import Foundation
import GRDB
import HTTPListener
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import IngestService

/// POST /api/requests.
@Suite(.serialized)
struct SubmissionAPITests {
    @Test(arguments: ["/api/requests", "/api/request"])
    func anAcceptedRequestIsStoredBeforeTheAnswer(_ path: String) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let answer = try await api.post(try Fixture.json(), path: path)
                #expect(answer.status == 202)
                let id = try #require(answer.id)
                #expect(answer.headers[.location] == "/api/jobs/\(id)")
                #expect(answer.headers[.retryAfter] == "2")
                #expect(answer.json["status"] as? String == "accepted")
                let stored = try #require(try await store.request(id))
                #expect(stored.submission.name == "Ada Example")
                #expect(stored.provider == Fixture.provider)
                let entries = try await store.outbox(after: 0, limit: 10)
                #expect(entries == api.handedOver.entries)
                #expect(entries.first?.message.requestID == id)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func theEventHoldsNothingPersonalButTheStreet(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let traced: HTTPFields = [.traceParent: Fixture.traceParent]
                let body = try Fixture.json(["providerData": "NE-7", "address": "12 Elm Street"])
                let id = try #require(try await api.post(body, headers: traced).id)
                let message = try #require(api.handedOver.entries.first?.message)
                let event = try Event<RequestAccepted>(message)
                #expect(event.id == EventID.derive(from: id.uuid, stage: "ingest", type: .requestAccepted))
                #expect(event.source == "/intake/ingest")
                #expect(event.traceParent == Fixture.traceParent)
                #expect(event.data.address.street == "12 Elm Street")
                #expect(event.data.request.organization == "relief-org")
                #expect(event.data.regionCode == "NE-7")
                let text = String(decoding: message.body, as: UTF8.self) + "\(message.headers)"
                // Whole, since a few digits are in some random id or other.
                for personal in ["Ada", "5550142", "555-0142", "ada@"] { #expect(!text.contains(personal)) }
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func providerDataThatIsNoCodeStaysInTheStore(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let id = try #require(
                    try await api.post(try Fixture.json(["providerData": "call Ada after six"])).id)
                let message = try #require(api.handedOver.entries.first?.message)
                #expect(try Event<RequestAccepted>(message).data.regionCode == nil)
                #expect(!String(decoding: message.body, as: UTF8.self).contains("after six"))
                #expect(try await store.request(id)?.submission.providerData == "call Ada after six")
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func theFirstClientsBodyIsUnderstood(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let body = """
                    {"ProviderRequestId":"7","Name":" Ada ","Address":"1 Main St","City":"Boston","State":"ma",
                     "PostalCode":"02108-1234","Phone":"617 555 0100","Email":"ada@example.org","Status":"New",
                     "ProviderData":null,"Unknown":[1,{"a":2}]}
                    """
                let answer = try await api.post(Data(body.utf8), authorization: Fixture.token)
                let id = try #require(answer.id)
                let stored = try #require(try await store.request(id))
                #expect(stored.submission.name == "Ada")
                #expect(stored.submission.address.state == "MA")
                #expect(stored.submission.address.zip == "02108-1234")
                #expect(stored.submission.providerData == nil)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func aDuplicateIsAConflictThatNamesTheFirst(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let first = try #require(try await api.post(try Fixture.json()).id)
                let answer = try await api.post(try Fixture.json(["name": "Someone Else"]))
                #expect(answer.status == 409 && answer.isProblem)
                #expect(answer.headers[.location] == "/api/jobs/\(first)")
                #expect(answer.id == first)
                #expect(api.handedOver.entries.count == 1)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func ofFiftyRacingDuplicatesOneIsAccepted(_ driver: StoreDriver) async throws
    {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let body = try Fixture.json()
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<50 { group.addTask { try await api.post(body).status } }
                    return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                }
                #expect(statuses == [202: 1, 409: 49])
            }
        }
    }

    @Test func aFailedCommitIs503AndLeavesNoRequest() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            faults.fail(.write, times: 1)
            try await APIHarness.with(store) { api in
                let answer = try await api.post(try Fixture.json())
                #expect(answer.status == 503 && answer.isProblem)
                #expect(answer.headers[.retryAfter] == "2")
                #expect(api.handedOver.entries.isEmpty)
                #expect(try await base.requests(of: Fixture.provider.id, before: nil, limit: 10).isEmpty)
                #expect(try await base.outboxStatus().count == 0)
                #expect(try await api.post(try Fixture.json()).status == 202)
            }
        }
    }

    @Test func aFullDiskIs503AndLeavesNoRequest() async throws {
        try await withSQLiteStore { store, _ in
            try await store.pool.writeWithoutTransaction { database in
                // As much room as the empty tables take: the first page that a request needs is not there.
                try database.execute(sql: "PRAGMA max_page_count = 1")
            }
            try await APIHarness.with(store) { api in
                var statuses: [Int] = []
                for number in 0..<40 {
                    let body = try Fixture.json([
                        "providerRequestId": "R-\(number)", "address": String(repeating: "x", count: 200),
                    ])
                    statuses.append(try await api.post(body).status)
                }
                let refused = statuses.count { $0 == 503 }
                #expect(refused > 0 && Set(statuses).isSubset(of: [202, 503]))
                let stored = try await store.requests(of: Fixture.provider.id, before: nil, limit: 100)
                #expect(stored.count == 40 - refused)
                #expect(try await store.outboxStatus().count == 40 - refused)
            }
        }
    }

    @Test func eachWayToBeWrongHasItsOwnAnswer() async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let good = try Fixture.json()
                let answers = [
                    (401, try await api.post(good, authorization: nil)),
                    (401, try await api.post(good, authorization: "Bearer wrong")),
                    (401, try await api.post(good, authorization: "Bearer ")),
                    (401, try await api.post(good, authorization: "Basic \(Fixture.token)")),
                    (415, try await api.post(good, contentType: "text/plain")),
                    (415, try await api.post(good, contentType: nil)),
                    (413, try await api.post(Data(repeating: 0x20, count: 1 << 20))),
                    (400, try await api.post(Data("{".utf8))),
                    (400, try await api.post(Data())),
                    (400, try await api.post(Data(#"{"name":"\#u{0}"}"#.utf8))),
                    (422, try await api.post(Data("[]".utf8))),
                    (422, try await api.post(Data("17".utf8))),
                    (422, try await api.post(Data("{}".utf8))),
                    (404, try await api.post(good, path: "/api/nothing")),
                    (404, try await api.post(good, path: "/")),
                    (405, try await api.send(.delete, "/api/requests")),
                    (405, try await api.send(.get, "/api/request")),
                    (405, try await api.post(good, path: "/api/jobs/x")),
                ]
                for (status, answer) in answers {
                    #expect(answer.status == status)
                    #expect(answer.isProblem)
                    #expect((answer.headers[.wwwAuthenticate] != nil) == (status == 401))
                    #expect((answer.headers[.allow] != nil) == (status == 405))
                }
                #expect(answers.last?.1.headers[.allow] == "GET, HEAD")
                #expect(try await store.outboxStatus().count == 0)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func overASocketOneConnectionCarriesGoodAndBad(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            try await APIHarness.with(store, over: .live) { api in
                #expect(try await api.post(Data(repeating: 0x20, count: 1 << 20)).status == 413)
                #expect(try await api.post(Data("{".utf8)).status == 400)
                let answer = try await api.post(try Fixture.json())
                #expect(answer.status == 202)
                let id = try #require(answer.id)
                #expect(try await api.get("/api/jobs/\(id)").status == 200)
                let lost = try await api.get("/api/nothing")
                #expect(lost.status == 404 && lost.isProblem)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func allThatIsWrongIsNamedAtOnce(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let answer = try await api.post(Data("{}".utf8))
                #expect(
                    answer.errors == [
                        "/providerRequestId required", "/name required", "/address required", "/city required",
                        "/state required", "/zip required", "/phone required", "/email required", "/status required",
                    ])
            }
        }
    }
}
