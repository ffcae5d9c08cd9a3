import Foundation
import HTTPTypes
import Testing

@testable import DecisionService

@Suite struct CoverageAPITests {
    /// Against the fixture's rules: relief covers Texas, Doña Ana County and some ZIPs.
    @Test(
        arguments: [
            ("zip=77002", "covered", true, "zip_covered", "zip:77002", "zip"),
            ("zip=77002-1234&state=tx&city=Houston", "covered", true, "zip_covered", "zip:77002", "zip"),
            ("zip=79901", "covered", true, "state_covered", "state:TX", "zip"),
            ("zip=79901&lat=31.76&lon=-106.48", "covered", true, "state_covered", "state:TX", "rooftop"),
            ("zip=44114&state=OH", "not_covered", false, "not_covered", nil, "zip"),
            ("zip=44114&state=OH&region=txgulf", "covered", true, "region_covered", "region:TXGULF", "zip"),
            ("zip=00000", "unknown", nil, "location_unknown", nil, nil),
        ] as [(String, String, Bool?, String, String?, String?)])
    func aPlaceIsDecidedAsItsRequestWouldBe(
        _ query: String, _ outcome: String, _ acceptance: Bool?, _ reason: String, _ rule: String?, _ precision: String?
    ) async throws {
        try await QuestionHarness.questions { api in
            let answer = try await api.get("/api/coverage?organization=relief&\(query)")
            #expect(answer.status == 200, "\(String(decoding: answer.bytes, as: UTF8.self))")
            #expect(answer.json["outcome"] as? String == outcome)
            #expect(answer.json["acceptance"] as? Bool == acceptance)
            #expect(answer.json.keys.contains("acceptance"))
            #expect(answer.json["reason"] as? String == reason)
            #expect(answer.json["rule"] as? String == rule)
            #expect(answer.json["precision"] as? String == precision)
            #expect((answer.json["coverageVersion"] as? String)?.hasPrefix("2026-01@") == true)
        }
    }

    @Test func theCountyAndAConflictAreTold() async throws {
        try await QuestionHarness.questions { api in
            let answer = try await api.get("/api/coverage?organization=relief&zip=77002&city=Houston&state=OH")
            #expect(answer.json["county"] as? String == "Harris County")
            #expect(answer.json["countyFips"] as? String == "48201")
            #expect((answer.json["conflict"] as? [String: Any])?["zipState"] as? String == "TX")
            // Nobody has named a state: there is nothing to contradict.
            let other = try await api.get("/api/coverage?organization=relief&zip=77002")
            #expect(other.json["conflict"] == nil && other.json["state"] as? String == "TX")
        }
    }

    /// Petersburg's ZIP has its centre in Dinwiddie County: never a sure no for either.
    @Test func aZIPInSeveralCountiesIsToldWithItsShares() async throws {
        let yaml =
            #"organizations: {city: {covers: {counties: ["Petersburg city, VA"]}}, county: {covers: {counties: ["51053"]}}}"#
        try await QuestionHarness.questions(yaml) { api in
            let named = try await api.get("/api/coverage?organization=city&zip=23803&city=Petersburg&state=VA")
            #expect(named.json["outcome"] as? String == "covered" && named.json["acceptance"] as? Bool == true)
            #expect(named.json["countyFips"] as? String == "51730")
            let shares = try #require(named.json["counties"] as? [[String: Any]])
            #expect(shares.first?["name"] as? String == "Petersburg city" && shares.first?["share"] as? Double == 0.6)
            for question in ["city&zip=23803", "county&zip=23803&city=Petersburg", "county&zip=23803&city=Nowhere"] {
                let open = try await api.get("/api/coverage?organization=\(question)")
                #expect(open.json["outcome"] as? String != "not_covered" && open.json["needed"] != nil, "\(question)")
            }
            let sure = try await api.get("/api/coverage?organization=city&zip=77002")
            #expect(sure.json["outcome"] as? String == "not_covered" && sure.json["counties"] == nil)
        }
    }

    @Test(
        arguments: [
            ("", 422, ["zip required"]),
            ("zip=7700", 400, ["zip format"]),
            ("zip=77002&zip=77003", 400, ["zip conflict"]),
            ("zip=77002&state=ZZ", 400, ["state format"]),
            ("zip=77002&state=&city=", 400, ["state format", "city format"]),
            ("zip=77002&lat=29.7", 422, ["lon required"]),
            ("zip=77002&lon=-95", 422, ["lat required"]),
            ("zip=77002&lat=91&lon=-181", 400, ["lat format", "lon format"]),
            ("zip=77002&lat=nan&lon=inf", 400, ["lat format", "lon format"]),
            ("zip=77002&lat=-95.36&lon=29.76", 400, ["lat format"]),
            ("zip=77002&lat=29.76&lon=95.36", 422, ["lat conflict", "lon conflict"]),
            ("zip=77002&street=1", 400, ["street not-allowed"]),
            ("zip=77002&organization=", 400, ["organization format"]),
            ("zip=77002", 422, ["organization required"]),
        ] as [(String, Int, Set<String>)])
    func whatIsWrongIsNamed(_ query: String, _ status: Int, _ errors: Set<String>) async throws {
        try await QuestionHarness.questions { api in
            let needs = query.contains("organization") || query == "zip=77002" ? "" : "organization=relief&"
            // A latitude of -95 is no latitude at all.
            let answer = try await api.get("/api/coverage?\(needs)\(query)")
            #expect(answer.status == status && answer.isProblem, "\(String(decoding: answer.bytes, as: UTF8.self))")
            #expect(answer.errors == errors)
        }
    }

    @Test func theOnlyOrganizationNeedsNoName() async throws {
        try await QuestionHarness.questions("organizations: {pantry: {covers: {states: [TX]}}}") { api in
            let answer = try await api.get("/api/coverage?zip=77002")
            #expect(answer.status == 200 && answer.json["organization"] as? String == "pantry")
        }
    }

    @Test func whatThereIsNotIsAProblem() async throws {
        try await QuestionHarness.questions { api in
            let unknown = try await api.get("/api/coverage?organization=nobody&zip=77002")
            #expect(unknown.status == 404 && unknown.isProblem && unknown.problem == "unknown-organization")
            let path = try await api.get("/api/other")
            #expect(path.status == 404 && path.isProblem && path.problem == "not-found")
            let method = try await api.get("/api/coverage?zip=77002", method: .post)
            #expect(method.status == 405 && method.isProblem && method.headers[.allow] == "GET, HEAD")
            #expect(try await api.get("/api/coverage?organization=relief&zip=77002", method: .head).status == 200)
        }
    }

    @Test func aTokenIsAskedForWhereThereIsOne() async throws {
        try await QuestionHarness.questions(token: "s3cret") { api in
            let path = "/api/coverage?organization=relief&zip=77002"
            let without = try await api.get(path)
            #expect(without.status == 401 && without.isProblem && without.headers[.wwwAuthenticate] != nil)
            for wrong in ["Bearer s3cre", "Bearer s3cret2", "s3cret", "Basic s3cret", ""] {
                let answer = try await api.get(path, headers: [.authorization: wrong])
                #expect(answer.status == 401 && answer.isProblem)
            }
            let right = try await api.get(path, headers: [.authorization: "Bearer s3cret"])
            #expect(right.status == 200 && right.headers[.cacheControl] == "private, max-age=60")
        }
    }

    @Test func anAnswerMayBeKeptForAMinute() async throws {
        try await QuestionHarness.questions { api in
            let path = "/api/coverage?organization=relief&zip="
            let answer = try await api.get(path + "77002")
            let tag = try #require(answer.headers[.eTag])
            #expect(answer.headers[.cacheControl] == "public, max-age=60")
            for field in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let again = try await api.get(path + "77002", headers: [.ifNoneMatch: field])
                #expect(again.status == 304 && again.bytes.isEmpty && again.headers[.eTag] == tag)
            }
            #expect(try await api.get(path + "44114", headers: [.ifNoneMatch: tag]).status == 200)
        }
    }

    @Test func moreThanTheRateIsSentAway() async throws {
        let start = ContinuousClock.now
        try await QuestionHarness.questions(perSecond: 2, clock: { start }) { api in
            let path = "/api/coverage?organization=relief&zip=77002"
            for _ in 0..<2 { #expect(try await api.get(path).status == 200) }
            let third = try await api.get(path)
            #expect(third.status == 429 && third.isProblem && third.headers[.retryAfter] == "1")
        }
    }

    @Test func theRateComesBackWithTime() {
        let (rate, start) = (QuestionRate(perSecond: 4), ContinuousClock.now)
        for _ in 0..<4 { #expect(rate.take(at: start) == nil) }
        #expect(rate.take(at: start) == .milliseconds(250))
        #expect(rate.take(at: start + .milliseconds(250)) == nil)
        #expect(rate.take(at: start + .milliseconds(250)) != nil)
    }

    @Test func theDocumentIsServed() async throws {
        try await QuestionHarness.questions { api in
            let answer = try await api.get("/api/coverage/openapi.yaml")
            #expect(answer.status == 200 && answer.headers[.contentType] == "application/yaml")
            #expect(String(decoding: answer.bytes, as: UTF8.self).hasPrefix("openapi: 3.1.0\n"))
        }
    }
}
