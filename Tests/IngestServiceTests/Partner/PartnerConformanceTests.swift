import AdminAPI
import Contracts
import Foundation
import Testing

@testable import IngestService

/// What the partner's page, its API and the console ask of a store, of whichever kind.
@Suite("Partners in each store", .serialized)
struct PartnerConformanceTests {
    private static func accept(
        _ store: RequestStore, _ name: String, provider: Provider = Fixture.provider, at date: Date = Fixture.now,
        _ facts: [ProgressUpdate] = []
    ) async throws -> RequestID {
        var submission = Fixture.submission(providerRequestID: name)
        (submission.unit, submission.language, submission.need, submission.notes) = ("4", "es", "two", "a\nb")
        let request = Fixture.newRequest(at: date, provider: provider, submission: submission)
        #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
        for fact in facts { _ = try await store.apply(fact, to: request.id) }
        return request.id
    }

    private static let told: [ProgressUpdate] = [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()]

    @Test(arguments: StoreDriver.allCases)
    func aRequestIsCorrectedWithdrawnAndErased(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await Self.accept(store, "R-1", Self.told)
            while try await store.indexForSearch(limit: 10) > 0 {}
            let patch = ContactPatch(name: "Zuzanna Nowak", phone: "+16175550199", email: nil)
            let outcome = try await store.correct(
                id, by: Fixture.provider, patch, contact: .both, at: Fixture.now + 60, precondition: { _ in true })
            guard case .corrected(let corrected) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(corrected == (try await store.request(id)))
            #expect(corrected.submission.name == "Zuzanna Nowak" && corrected.submission.notes == "a\nb")
            var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
            query.text = SearchText("nowak")
            #expect(try await store.deskPage(query).requests.map(\.id) == [id])
            query.text = SearchText("617-555-0100")
            #expect(try await store.deskPage(query).requests.isEmpty)
            #expect(
                try await store.correct(
                    id, by: Fixture.otherProvider, patch, contact: .both, at: Fixture.now, precondition: { _ in true })
                    == .unknown)

            let withdrawal = try await store.withdraw(
                id, by: Fixture.provider, reason: "why", at: Fixture.now + 90, traceParent: Fixture.traceParent)
            guard case .withdrawn(let withdrawn) = withdrawal else {
                Issue.record("\(withdrawal)")
                return
            }
            #expect(withdrawn.organizationProgress.status == .canceled)
            #expect(try await store.request(id)?.withdrawnAt == Fixture.now + 90)
            _ = try await store.erasePersonalData(of: id, force: true, at: Fixture.now + 99)
            let erased = try #require(try await store.request(id)).submission
            #expect(erased.name.isEmpty && erased.phone.isEmpty && erased.unit == nil && erased.notes == nil)
            #expect(try await store.job(id)?.timeline.allSatisfy { $0.note == nil } == true)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func newsIsFoundAndToldAgain(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let quiet = try await Self.accept(store, "QUIET", Self.told)
            let old = try await Self.accept(store, "OLD", Self.told)
            let failed = try await Self.accept(
                store, "FAILED", at: Fixture.now + 3600,
                [Fixture.geocoded(), Fixture.decided(), Fixture.dead(.callback, after: 4)])
            _ = try await Self.accept(
                store, "OTHERS", provider: Fixture.otherProvider, at: Fixture.now + 3600, Self.told)
            _ = try await store.changeStatus(
                of: old, within: Fixture.provider.organization,
                StatusChange(step: .assigned, at: Fixture.now + 7200, traceParent: Fixture.traceParent))
            func news(_ seconds: Double, untakenOnly: Bool) async throws -> [RequestID] {
                try await store.news(
                    of: Fixture.provider.id, since: Fixture.now + seconds, untakenOnly: untakenOnly, limit: 9)
            }
            #expect(try await Set(news(-60, untakenOnly: false)) == [quiet, old, failed])
            #expect(try await Set(news(-60, untakenOnly: true)) == [old, failed])
            #expect(try await news(7000, untakenOnly: true) == [old])
            #expect(
                try await store.untaken(of: Fixture.provider.id, before: nil, limit: 9).map(\.request.id)
                    == [failed, old])
            let count = try await store.outboxStatus().count
            #expect(try await store.resend([old, failed, quiet], by: Fixture.provider, at: Fixture.now + 7300) == 3)
            #expect(try await store.resend([old], by: Fixture.otherProvider, at: Fixture.now + 7300) == 0)
            #expect(try await store.outboxStatus().count == count + 3)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aRequestIsFoundByThePartnersID(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let own = try await Self.accept(store, "R-1")
            let others = try await Self.accept(store, "R-1", provider: Fixture.otherProvider)
            _ = try await Self.accept(store, "R-2")
            for (filter, expected) in [
                (RequestFilter(provider: Fixture.provider.id, providerRequestID: "R-1"), [own]),
                (RequestFilter(organization: Fixture.otherProvider.organization, providerRequestID: "R-1"), [others]),
                (RequestFilter(organization: Fixture.provider.organization, providerRequestID: "R-3"), []),
            ] {
                #expect(try await store.requests(filter, before: nil, limit: 9).requests.map(\.id) == expected)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func lettersAreGroupedByPartnerAndTroubleIsCounted(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            for (index, provider) in [Fixture.provider, Fixture.provider, Fixture.otherProvider].enumerated() {
                let id = try await Self.accept(store, "\(index)", provider: provider)
                for fact in [Fixture.geocoded(), Fixture.decided()] { _ = try await store.apply(fact, to: id) }
                let letter = Fixture.letter(.callback, after: Double(index), id: UUID(), of: id)
                _ = try await store.apply(.dead(letter), to: id)
            }
            let groups = try await store.deadLetterGroups(DeadLetterFilter(), byProvider: true)
            #expect(groups.map(\.provider) == ["other", "portal"] && groups.map(\.count) == [1, 2])
            #expect(try await store.deadLetterGroups(DeadLetterFilter()).map(\.count) == [3])
            let filter = DeadLetterFilter(stage: .callback, provider: Fixture.provider.id)
            #expect(try await store.deadLetterIDs(filter, limit: 9).count == 2)
            #expect(try await store.deadLetters(filter, after: nil, limit: 9).count == 2)
            _ = try await store.apply(Fixture.degraded(after: 9), to: Fixture.id())
            let (trouble, endpoints) = try await store.callbackTrouble()
            #expect(trouble["portal"]?.dead == 2 && trouble["other"]?.dead == 1)
            #expect(trouble["portal"]?.lastError?.code == "connection-refused")
            // What was thrown away is neither given up any more nor tried again; what was given back is tried again.
            for (index, fact) in [Fixture.discarded, Fixture.replayed].enumerated() {
                let letter = try await store.deadLetters(filter, after: nil, limit: 9)[0].message
                let update = fact(.callback, Double(index), 20, letter.messageID, 0)
                _ = try await store.apply(update, to: letter.requestID)
            }
            let settled = try await store.callbackTrouble().trouble["portal"]
            #expect(settled?.dead == 0 && settled?.retrying == 1)
            #expect(endpoints["portal"]?.error.code == "timeout" && endpoints["other"] == nil)
            #expect(try await store.degradedEndpoint(of: "portal") != nil)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func sessionsEndAndTheAuditLogIsForgotten(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let (hash, token) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
            try await store.openPartnerSession(
                hash, of: Fixture.provider, token: token, until: Fixture.now + 60, at: Fixture.now)
            let session = try #require(try await store.partnerSession(hash, at: Fixture.now + 59))
            #expect(session.provider == Fixture.provider.id && session.token == token)
            #expect(try await store.partnerSession(hash, at: Fixture.now + 61) == nil)
            try await store.endPartnerSession(hash, of: Fixture.provider, at: Fixture.now + 1)
            #expect(try await store.partnerSession(hash, at: Fixture.now + 2) == nil)
            #expect(
                try await store.audit(AuditFilter(), before: nil, limit: 9).map(\.action) == [.signedOut, .signedIn])
            #expect(try await store.removeAudit(before: Fixture.now + 1, limit: 9) == 1)
            #expect(try await store.audit(AuditFilter(), before: nil, limit: 9).map(\.action) == [.signedOut])
        }
    }
}
