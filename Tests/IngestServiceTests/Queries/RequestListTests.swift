import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// GET requests.
@Suite(.serialized)
struct RequestListTests {
    @Test(arguments: StoreDriver.allCases) func filtersChoose(_ driver: StoreDriver) async throws {
        try await withRequests(driver) { api, ids in
            for (query, expected) in [
                ("", [3, 2, 1, 0]), ("provider=portal", [3, 2, 1, 0]), ("organization=relief-org", [3, 2, 1, 0]),
                ("provider=other", []), ("organization=other-org", []), ("state=tx", [2]), ("state=MA", [3, 1, 0]),
                ("county=25025", [2, 1, 0]), ("county=48201", []), ("decision=accepted", [1, 0]),
                ("decision=declined", [2]), ("decision=pending", [3]), ("status=new", [3, 2, 1]),
                ("status=assigned", [0]), ("status=completed", []), ("job=completed", [1]),
                ("status=in-progress", [3, 0]), ("job=failed", [2]), ("status=failed&state=TX", [2]),
                ("from=2026-09-21T14:13:21Z", [3, 2, 1]), ("to=2026-09-21T14:13:22Z", [1, 0]),
                ("from=2026-09-21T16:13:21%2B02:00&to=2026-09-21T14:13:22Z", [1]),
                ("status=assigned&county=25025&decision=accepted&state=MA&job=in-progress", [0]),
            ] {
                let answer = try await api.get(
                    "/api/requests?\(query)", authorization: "Bearer \(Fixture.readToken)")
                let found = (answer.json["requests"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
                #expect(answer.status == 200 && found == expected.map { "\(ids[$0])" }, "\(query)")
            }
            // Others see none of it.
            for token in [Fixture.otherToken, Fixture.otherStaffToken] {
                let answer = try await api.get("/api/requests?state=MA", authorization: "Bearer \(token)")
                #expect((answer.json["requests"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test(arguments: [
        ("limit=0", "limit format"), ("limit=x", "limit format"), ("cursor=x", "cursor format"),
        ("state=XX", "state format"), ("county=1234", "county format"), ("county=1234a", "county format"),
        ("decision=yes", "decision format"), ("status=done", "status format"), ("job=x", "job format"),
        ("from=yesterday", "from format"), ("to=2026-13-01T00:00:00Z", "to format"), ("color=red", "color not-allowed"),
        ("state=MA&state=TX", "state conflict"), ("job=completed&status=failed", "status format"),
        ("provider=", "provider format"),
    ])
    func aWrongParameterIsNamed(_ query: String, _ error: String) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let answer = try await api.get("/api/requests?\(query)")
                #expect(answer.status == 400 && answer.isProblem)
                #expect(answer.errors == [error])
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func pagesStayAsTheyAreWhenMoreComes(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                func accept(after seconds: Double) async throws -> String {
                    let request = Fixture.newRequest(at: Fixture.now + seconds)
                    _ = try await store.accept(request, event: try Fixture.event(request))
                    return "\(request.id)"
                }
                let oldest = try await accept(after: 0)
                for second in 1...2 { _ = try await accept(after: Double(second)) }
                let first = try await api.get("/api/requests?limit=2&state=MA&from=2026-09-21T16:13:20%2B02:00")
                let next = try #require(first.json["next"] as? String)
                #expect(first.headers[.link] == "<\(next)>; rel=\"next\"")
                #expect(next.contains("state=MA") && next.contains("limit=2") && next.contains("%2B02:00"))
                _ = try await accept(after: 3)
                let second = try await api.get(next)
                let found = (second.json["requests"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
                #expect(found == [oldest] && second.json["next"] == nil && second.headers[.link] == nil)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func aTableIsSafeToOpen(_ driver: StoreDriver) async throws {
        try await withRequests(driver) { api, _ in
            let answer = try await api.get("/api/requests?state=TX", headers: [.accept: "text/csv"])
            #expect(answer.headers[.contentType]?.hasPrefix("text/csv") == true)
            let lines = String(decoding: answer.bytes, as: UTF8.self).components(separatedBy: "\r\n")
            #expect(lines.count == 3 && lines[2].isEmpty)
            #expect(lines[0].hasPrefix("id,provider,providerRequestId,organization,acceptedAt,name,address,"))
            #expect(lines[1].contains(",\"'=HYPERLINK(\"\"http://x\"\",\"\"Eve\"\")\","))
            #expect(lines[1].contains(",42.357,-71.065,zip,"), "numbers of our own stay numbers")
        }
    }

    @Test(arguments: StoreDriver.allCases) func aMapShowsWhatHasAPlace(_ driver: StoreDriver) async throws {
        try await withRequests(driver) { api, ids in
            let answer = try await api.get("/api/requests", headers: [.accept: "application/geo+json"])
            #expect(answer.headers[.contentType] == "application/geo+json")
            #expect(answer.json["type"] as? String == "FeatureCollection")
            let features = try #require(answer.json["features"] as? [[String: Any]])
            #expect(features.compactMap { $0["id"] as? String } == ids.reversed().map { "\($0)" })
            #expect(features[0]["geometry"] is NSNull, "not geocoded yet")
            let point = try #require(features[1]["geometry"] as? [String: Any])
            #expect(point["type"] as? String == "Point" && point["coordinates"] as? [Double] == [-71.065, 42.357])
            #expect((features[1]["properties"] as? [String: Any])?["decision"] is [String: Any])
        }
    }

    @Test(arguments: StoreDriver.allCases) func theCreditGoesWithEveryLocation(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                let credit = "© OpenStreetMap contributors"
                let location = GeocodedLocation(
                    latitude: 42.36, longitude: -71.06, precision: .rooftop, source: "photon", confidence: 0.9,
                    uncertaintyKilometres: 0.05, attribution: credit)
                let geocoding = Geocoding(
                    state: "MA", zip: "02108",
                    counties: [CountyShare(fips: "25025", name: "Suffolk County", share: 0.75)], location: location,
                    disputes: [DisputedAnswer(source: "census", reason: .tooFar, distanceKilometres: 61.5)],
                    unavailable: ["nominatim"])
                _ = try await store.apply(.geocoded(Recorded(geocoding, at: Fixture.now + 1)), to: id)
                let request = try await api.get("/api/requests/\(id)")
                let shown = try #require(request.json["location"] as? [String: Any])
                #expect(shown["attribution"] as? String == credit && shown["confidence"] as? Double == 0.9)
                #expect(shown["precision"] as? String == "rooftop" && shown["uncertaintyKilometres"] as? Double == 0.05)
                #expect((request.json["disputes"] as? [[String: Any]])?.first?["reason"] as? String == "too-far")
                #expect(request.json["unavailable"] as? [String] == ["nominatim"])
                let county = (request.json["counties"] as? [[String: Any]])?.first
                #expect(county?["fips"] as? String == "25025" && county?["share"] as? Double == 0.75)
                for accept in ["application/json", "text/csv", "application/geo+json"] {
                    let list = try await api.get("/api/requests", headers: [.accept: accept])
                    #expect(String(decoding: list.bytes, as: UTF8.self).contains(credit), "\(accept)")
                }
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func theFormatIsTheClientsChoice(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                for (accept, type) in [
                    ("*/*", "application/json"), ("text/*;q=0.5, application/json;q=0.4", "text/csv"),
                    ("application/*, application/json;q=0", "application/geo+json"),
                    ("text/csv;header=present", "text/csv"), ("text/html, text/csv;q=0.001", "text/csv"),
                ] {
                    let answer = try await api.get("/api/requests", headers: [.accept: accept])
                    #expect(answer.status == 200 && answer.headers[.contentType]?.hasPrefix(type) == true, "\(accept)")
                }
                for accept in ["text/html", "application/json;q=0", "*/*;q=0", "json"] {
                    let answer = try await api.get("/api/requests", headers: [.accept: accept])
                    #expect(answer.status == 406 && answer.isProblem, "\(accept)")
                }
            }
        }
    }

    /// Four requests, a second apart: assigned; told; dead in Texas with a formula for a name; fresh.
    private func withRequests(
        _ driver: StoreDriver, _ body: @escaping @Sendable (APIHarness, [RequestID]) async throws -> Void
    ) async throws {
        try await driver.withStore { store in
            var ids: [RequestID] = []
            for second in 0..<4 {
                let request = Fixture.newRequest(
                    at: Fixture.now + Double(second),
                    submission: second == 2
                        ? Fixture.submission(name: #"=HYPERLINK("http://x","Eve")"#, state: "TX")
                        : Fixture.submission())
                _ = try await store.accept(request, event: try Fixture.event(request))
                ids.append(request.id)
            }
            for id in ids.prefix(3) { _ = try await store.apply(Fixture.geocoded(), to: id) }
            for id in ids.prefix(2) { _ = try await store.apply(Fixture.decided(), to: id) }
            let change = StatusChange(step: .assigned, at: Fixture.now + 9, traceParent: Fixture.traceParent)
            _ = try await store.changeStatus(of: ids[0], within: Fixture.provider.organization, change)
            _ = try await store.apply(Fixture.delivered(), to: ids[1])
            _ = try await store.apply(Fixture.decided(acceptance: false), to: ids[2])
            _ = try await store.apply(Fixture.dead(.callback, after: 9), to: ids[2])
            let expected = ids
            try await APIHarness.with(store) { api in try await body(api, expected) }
        }
    }
}
