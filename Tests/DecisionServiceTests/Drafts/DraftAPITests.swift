import Foundation
import Synchronization
import Testing

@testable import DecisionService

@Suite struct DraftAPITests {
    private static let draft = """
        version: draft
        organizations:
          relief:
            covers:
              states: [OH]
        """
    private static let houston =
        #"{"organization":"relief","state":"TX","zip":"77002","countyFips":"48201","county":"Harris County","location":{"latitude":29.76,"longitude":-95.36,"precision":"zip"}}"#
    private static let cleveland =
        #"{"organization":"relief","state":"OH","zip":"44114","countyFips":"39035","county":"Cuyahoga County","location":{"latitude":41.5,"longitude":-81.7,"precision":"zip"}}"#

    @Test func placesAreDecidedUnderADraft() async throws {
        try await QuestionHarness.admin { api in
            let uploaded = try await api.post("/admin/coverage/drafts", Self.bundle(Self.draft))
            #expect(uploaded.status == 200)
            #expect(uploaded.json["organizations"] as? [String] == ["relief"])
            let id = try #require(uploaded.json["id"] as? String)
            // The same content has the same id.
            let again = try await api.post("/admin/coverage/drafts", Self.bundle(Self.draft))
            #expect(again.json["id"] as? String == id)
            let other = #"{"organization":"nobody","state":"TX","zip":"77002"}"#
            let body = #"{"places":[\#(Self.houston),\#(Self.cleveland),\#(other)]}"#
            let answer = try await api.post("/admin/coverage/drafts/\(id)/decisions", body)
            #expect(answer.status == 200)
            let outcomes = try #require(answer.json["outcomes"] as? [Any])
            #expect(outcomes.map { ($0 as? [String: Any])?["outcome"] as? String } == ["not_covered", "covered", nil])
            #expect((answer.json["coverageVersion"] as? String)?.hasPrefix("draft@") == true)
            let current = try await api.post("/admin/coverage/drafts/current/decisions", body)
            let now = try #require(current.json["outcomes"] as? [Any])
            #expect(now.map { ($0 as? [String: Any])?["outcome"] as? String } == ["covered", "not_covered", nil])
        }
    }

    @Test func everythingThatIsWrongWithADraftIsTold() async throws {
        try await QuestionHarness.admin { api in
            let faulty = "organizations:\n  relief:\n    covers:\n      states: [Texas]\n      zips: [1]\n"
            let answer = try await api.post("/admin/coverage/drafts", Self.bundle(faulty))
            #expect(answer.status == 422 && answer.isProblem && answer.problem == "faulty-draft")
            let problems = try #require(answer.json["problems"] as? [String])
            #expect(problems.count == 2 && problems.allSatisfy { $0.contains("(line ") })
        }
    }

    @Test func filesComeWithTheDraft() async throws {
        let draft = "organizations: {relief: {covers: {zips_file: zips.csv}}}"
        try await QuestionHarness.admin { api in
            let without = try await api.post("/admin/coverage/drafts", Self.bundle(draft))
            #expect(without.status == 422 && without.json["missingFiles"] as? [String] == ["zips.csv"])
            let faulty = try await api.post("/admin/coverage/drafts", Self.bundle(draft, files: ["zips.csv": "x\n"]))
            #expect(faulty.status == 422 && (faulty.json["missingFiles"] as? [String])?.isEmpty == true)
            let files = ["zips.csv": "44114\n", "other.csv": "77002\n"]
            let uploaded = try await api.post("/admin/coverage/drafts", Self.bundle(draft, files: files))
            let id = try #require(uploaded.json["id"] as? String)
            let body = #"{"places":[\#(Self.houston),\#(Self.cleveland)]}"#
            let answer = try await api.post("/admin/coverage/drafts/\(id)/decisions", body)
            let outcomes = try #require(answer.json["outcomes"] as? [[String: Any]])
            #expect(outcomes.map { $0["outcome"] as? String } == ["not_covered", "covered"])
        }
    }

    /// Rules have their days: what will be in force can be asked about.
    @Test func aDraftCanBeAskedAboutAnotherDay() async throws {
        let draft = "organizations: {relief: {covers: [{states: [TX], valid_from: 2030-01-01}]}}"
        try await QuestionHarness.admin { api in
            let uploaded = try await api.post("/admin/coverage/drafts", Self.bundle(draft))
            let path = "/admin/coverage/drafts/\(try #require(uploaded.json["id"] as? String))/decisions"
            for (on, outcome) in [("2029-12-31T23:59:59Z", "not_covered"), ("2030-01-01T00:00:00Z", "covered")] {
                let answer = try await api.post(path, #"{"places":[\#(Self.houston)],"on":"\#(on)"}"#)
                let outcomes = try #require(answer.json["outcomes"] as? [[String: Any]])
                #expect(outcomes.map { $0["outcome"] as? String } == [outcome])
            }
        }
    }

    @Test(arguments: [
        ("/admin/coverage/drafts", "{", 400), ("/admin/coverage/drafts", "[]", 400),
        ("/admin/coverage/drafts", #"{"files":{}}"#, 400),
        ("/admin/coverage/drafts", #"{"coverage":"x","files":{"a":1}}"#, 400),
        ("/admin/coverage/drafts/0/decisions", #"{"places":[]}"#, 404),
        ("/admin/coverage/drafts/current/decisions", "{}", 400),
        ("/admin/coverage/drafts/current/decisions", #"{"places":[{"state":"TX"}]}"#, 400),
        ("/admin/coverage/drafts/current/decisions", #"{"places":[],"on":"tomorrow"}"#, 400),
    ])
    func aBodyThatIsNotAskedForIsAProblem(_ path: String, _ body: String, _ status: Int) async throws {
        try await QuestionHarness.admin { api in
            let answer = try await api.post(path, body)
            #expect(answer.status == status && answer.isProblem, "\(String(decoding: answer.bytes, as: UTF8.self))")
        }
    }

    @Test func tooMuchIsSentAway() async throws {
        try await QuestionHarness.admin { api in
            let page = String(repeating: " ", count: DraftController.pageLimit + 1)
            let answer = try await api.post("/admin/coverage/drafts/current/decisions", page)
            #expect(answer.status == 413 && answer.isProblem && answer.problem == "body-too-large")
            let place = #"{"organization":"relief","state":"TX","zip":"77002"}"#
            let many = Array(repeating: place, count: DraftController.placesLimit + 1).joined(separator: ",")
            let other = try await api.post("/admin/coverage/drafts/current/decisions", #"{"places":[\#(many)]}"#)
            #expect(other.status == 400 && other.isProblem)
        }
    }

    @Test func aDraftIsForgottenAfterAWhile() async throws {
        let clock = Mutex(ContinuousClock.now)
        try await QuestionHarness.admin(clock: { clock.withLock { $0 } }) { api in
            let uploaded = try await api.post("/admin/coverage/drafts", Self.bundle(Self.draft))
            let path = "/admin/coverage/drafts/\(try #require(uploaded.json["id"] as? String))/decisions"
            // A question renews it.
            for _ in 0..<2 {
                clock.withLock { $0 += DraftShelf.lifetime - .seconds(1) }
                #expect(try await api.post(path, #"{"places":[]}"#).status == 200)
            }
            clock.withLock { $0 += DraftShelf.lifetime }
            let gone = try await api.post(path, #"{"places":[]}"#)
            #expect(gone.status == 404 && gone.problem == "unknown-draft")
        }
    }

    @Test func onlyAFewDraftsAreKept() throws {
        let (shelf, start) = (DraftShelf(), ContinuousClock.now)
        let coverage = try CoverageFixture.coverage()
        for index in 0...DraftShelf.size {
            shelf.put(coverage, id: "\(index)", at: start + .seconds(index))
            // The first is asked about all the time.
            _ = shelf.take("0", at: start + .seconds(index))
        }
        let end = start + .seconds(10)
        #expect(shelf.take("0", at: end) != nil && shelf.take("1", at: end) == nil)
        #expect(shelf.take("\(DraftShelf.size)", at: end) != nil)
    }

    /// - Returns: the JSON of a bundle.
    static func bundle(_ yaml: String, files: [String: String] = [:]) throws -> String {
        let object: [String: Any] = ["coverage": yaml, "files": files]
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
}
