import Foundation
import HTTPListener
import HTTPTypes
import Synchronization
import Testing

@testable import IngestService

@Suite struct ProviderAdmissionTests {
    private static let limits = ProviderLimits(rate: .init(count: 2, per: .seconds(1)), burst: 2, inFlight: nil)

    @Test func theRateIsEachProvidersOwn() throws {
        let now = Mutex(ContinuousClock.now)
        let admission = ProviderAdmission(now: { now.withLock { $0 } })
        for _ in 0..<2 { admission.leave(try admission.enter("a", Self.limits)) }
        #expect(code { try admission.enter("a", Self.limits) } == "rate-limited")
        #expect(code { try admission.enter("b", Self.limits) } == nil)
        #expect(code { try admission.enter("a", .none) } == nil)
        now.withLock { $0 += .milliseconds(500) }
        #expect(code { try admission.enter("a", Self.limits) } == nil)
    }

    @Test func placesAreGivenBack() throws {
        let admission = ProviderAdmission()
        let limits = ProviderLimits(inFlight: 2)
        let places = [try admission.enter("a", limits), try admission.enter("a", limits)]
        #expect(code { try admission.enter("a", limits) } == "too-many-in-flight")
        admission.leave(places[0])
        #expect(code { try admission.enter("a", limits) } == nil)
        #expect(code { try admission.enter("a", limits) } == "too-many-in-flight")
    }

    @Test func overTheAPITheLimitsOfTheFileHold() async throws {
        let now = Mutex(ContinuousClock.now)
        let directory = ProviderDirectory(
            byToken: [TokenHash(token: Fixture.token): Fixture.provider],
            limits: [Fixture.provider.id: ProviderLimits(rate: .init(count: 1, per: .seconds(60)), burst: 2)])
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(
                store, providers: { directory },
                adapt: { $0.admission = ProviderAdmission(now: { now.withLock { $0 } }) }
            ) { api in
                for id in ["R-1", "R-2"] {
                    #expect(try await api.post(try Fixture.json(["providerRequestId": id])).status == 202)
                }
                let answer = try await api.post(try Fixture.json(["providerRequestId": "R-3"]))
                #expect(answer.status == 429 && answer.isProblem && answer.problem == "rate-limited")
                #expect(answer.headers[.retryAfter] == "60")
                // Who has no token costs nobody's share.
                #expect(try await api.post(try Fixture.json(), authorization: "nobody").status == 401)
                now.withLock { $0 += .seconds(60) }
                #expect(try await api.post(try Fixture.json(["providerRequestId": "R-3"])).status == 202)
            }
        }
    }

    @Test func aRefusalGivesItsPlaceBack() async throws {
        let directory = ProviderDirectory(
            byToken: [TokenHash(token: Fixture.token): Fixture.provider],
            limits: [Fixture.provider.id: ProviderLimits(inFlight: 1)])
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, providers: { directory }) { api async throws in
                #expect(try await api.post(Data("{".utf8)).status == 400)
                #expect(try await api.post(Data("{}".utf8)).status == 422)
                #expect(try await api.post(try Fixture.json(), contentType: "text/plain").status == 415)
                #expect(try await api.post(try Fixture.json()).status == 202)
                #expect(try await api.post(try Fixture.json()).status == 409)
            }
        }
    }

    private func code(_ body: () throws -> ProviderAdmission.Place) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }
}
