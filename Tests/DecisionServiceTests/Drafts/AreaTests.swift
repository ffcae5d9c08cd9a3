import Foundation
import Places
import Testing

@testable import DecisionService

@Suite struct AreaTests {
    private static let yaml = """
        organizations:
          relief:
            name: Example Relief
            covers:
              states: [VT]
              counties: ["48201"]
              zips: ["44114"]
          pantry:
            covers:
              states: [DC]
        """

    @Test func aCountyIsCoveredByTheShareOfItsZIPs() async throws {
        try await QuestionHarness.admin(Self.yaml) { api in
            let answer = try await api.get("/admin/coverage/areas")
            let areas = try #require(answer.json["areas"] as? [[String: Any]])
            #expect(areas.map { $0["organization"] as? String } == ["pantry", "relief"])
            let (pantry, relief) = (try #require(areas.first), try #require(areas.last))
            #expect(relief["name"] as? String == "Example Relief")
            #expect(relief["states"] as? [String] == ["VT"])
            let counties = try #require(relief["counties"] as? [String: Double])
            #expect(counties["48201"] == 1)
            let cuyahoga = try #require(counties["39035"])
            #expect(cuyahoga > 0 && cuyahoga < 0.1)
            // Vermont has 14.
            #expect(counties.keys.count { $0.hasPrefix("50") } == 14 && counties.count == 16)
            #expect(pantry["states"] as? [String] == ["DC"])
        }
    }

    @Test func oneOrganizationCanBeAskedFor() async throws {
        try await QuestionHarness.admin(Self.yaml) { api in
            let answer = try await api.get("/admin/coverage/areas?organization=pantry")
            #expect((answer.json["areas"] as? [Any])?.count == 1)
            let unknown = try await api.get("/admin/coverage/areas?organization=x")
            #expect(unknown.status == 404 && unknown.isProblem && unknown.problem == "unknown-organization")
        }
    }

    @Test func withoutAGazetteerThereIsNoMap() async throws {
        try await QuestionHarness.admin(Self.yaml, gazetteer: nil) { api in
            let answer = try await api.get("/admin/coverage/areas")
            #expect(answer.status == 503 && answer.isProblem && answer.problem == "gazetteer-unavailable")
        }
    }
}
