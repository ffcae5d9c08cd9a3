import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import IngestService

/// Places of past requests.
@Suite(.serialized)
struct PlaceAPITests {
    @Test(arguments: StoreDriver.allCases)
    func requestsComeOldestFirstInPages(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var ids: [Contracts.RequestID] = []
            for second in 0..<5 {
                let request = Fixture.newRequest(
                    at: Fixture.now + Double(second), provider: second == 4 ? Fixture.otherProvider : Fixture.provider)
                _ = try await store.accept(request, event: try Fixture.event(request))
                ids.append(request.id)
            }
            func found(_ since: Double?, _ organization: String?, after: Contracts.RequestID? = nil, _ limit: Int = 10)
                async throws
                -> [Contracts.RequestID]
            {
                try await store.requests(
                    acceptedSince: since.map { Fixture.now + $0 }, of: organization, after: after, limit: limit
                ).map(\.id)
            }
            #expect(try await found(nil, nil) == ids)
            #expect(try await found(2, nil) == Array(ids[2...]))
            #expect(try await found(1.5, nil) == Array(ids[2...]))
            #expect(try await found(nil, nil, after: ids[1], 2) == Array(ids[2..<4]))
            #expect(try await found(1, Fixture.provider.organization) == Array(ids[1..<4]))
            #expect(try await found(3, nil, after: ids[0]) == Array(ids[3...]))
            #expect(try await found(60, nil).isEmpty)
        }
    }

    @Test func aPlaceTellsNothingOfAPerson() async throws {
        try await withAPI { api, store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let bare = try #require(try await places(api).first)
            #expect(bare["geocoded"] as? Bool == false && bare["location"] == nil && bare["decision"] == nil)
            _ = try await store.apply(Fixture.geocoded(), to: request.id)
            _ = try await store.apply(Fixture.decided(), to: request.id)
            let answer = try await api.get("/admin/requests/places")
            let text = String(decoding: answer.bytes, as: UTF8.self)
            for personal in ["Ada", "1 Main St", "617 555", "ada@"] { #expect(!text.contains(personal)) }
            let place = try #require((answer.json["places"] as? [[String: Any]])?.first)
            #expect(place["id"] as? String == request.id.description)
            #expect(place["organization"] as? String == "relief-org" && place["state"] as? String == "MA")
            #expect(place["zip"] as? String == "02108" && place["countyFips"] as? String == "25025")
            #expect((place["location"] as? [String: Any])?["precision"] as? String == "zip")
            #expect((place["decision"] as? [String: Any])?["reason"] as? String == "state_covered")
            #expect(answer.json["next"] == nil)
        }
    }

    @Test func pagesFollowEachOther() async throws {
        try await withAPI { api, store in
            for second in 0..<3 {
                let request = Fixture.newRequest(at: Fixture.now + Double(second))
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            let first = try await api.get("/admin/requests/places?limit=2")
            let next = try #require(first.json["next"] as? String)
            #expect((first.json["places"] as? [Any])?.count == 2)
            let rest = try await api.get("/admin/requests/places?limit=2&after=\(next)")
            #expect((rest.json["places"] as? [Any])?.count == 1 && rest.json["next"] == nil)
            let since = Timestamp.string(Fixture.now + 2)
            let newest = try await api.get("/admin/requests/places?since=\(since)&organization=relief-org")
            #expect((newest.json["places"] as? [Any])?.count == 1)
        }
    }

    @Test(arguments: ["since=yesterday", "organization=", "limit=x", "after=x"])
    func aWrongParameterIsNamed(_ query: String) async throws {
        try await withAPI { api, _ in
            let answer = try await api.get("/admin/requests/places?\(query)")
            #expect(answer.status == 400 && answer.isProblem)
            #expect(answer.errors.contains { $0.hasPrefix("/\(query.prefix { $0 != "=" }) ") })
        }
    }

    private func places(_ api: APIHarness) async throws -> [[String: Any]] {
        (try await api.get("/admin/requests/places").json["places"] as? [[String: Any]]) ?? []
    }

    private func withAPI(
        _ body: @escaping @Sendable (APIHarness, RequestStore) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            let router = Router()
            PlaceController(access: StoreAccess(store: store)).register(on: router.group("/admin"))
            try await Application(router: router).test(.router) { client in
                try await body(APIHarness(client: client, handedOver: APIHarness.HandedOver()), store)
            }
        }
    }
}
