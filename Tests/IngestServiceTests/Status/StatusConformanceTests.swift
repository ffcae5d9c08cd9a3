import Contracts
import Foundation
import Testing

@testable import IngestService

/// What every `RequestStore` must make of an organisation's steps.
///
/// RequestStore status.
@Suite(.serialized)
struct StatusConformanceTests {
    @Test(arguments: StoreDriver.allCases)
    func aStepIsWrittenWithItsEvent(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await covered(store)
            let before = try #require(try await store.outboxStatus().last)
            var events: [UUID] = []
            for (index, step) in [OrganizationStatus.Step.assigned, .completed, .reopened].enumerated() {
                guard case .changed(let request) = try await take(step, id, store, after: Double(10 + index)) else {
                    Issue.record("\(step) was not taken")
                    return
                }
                let entry = try await store.lastEntry()
                #expect(request == (try await store.request(id)))
                #expect(
                    request.organizationProgress.status == step.target
                        && request.organizationProgress.sequence == index + 2)
                let event = try Event<RequestStatusChanged>(entry.message)
                #expect(event.data.status.rawValue == step.target.rawValue && event.data.sequence == index + 2)
                #expect(event.data.acceptance && event.data.precision == .zip && event.data.rule == "zip3:021")
                #expect(event.data.changedAt == Fixture.now + Double(10 + index))
                #expect(entry.message.routingKey == "request.status-changed.portal")
                events.append(event.id)
            }
            #expect(
                events
                    == (2...4).map {
                        EventID.derive(from: id.uuid, stage: "ingest", type: .requestStatusChanged, occurrence: "\($0)")
                    })
            #expect(try await store.outbox(after: before, limit: 10).map(\.message.id) == events)
            let changes = try await store.job(id)?.events.filter { $0.kind == .statusChanged }
            #expect(changes?.map(\.detail) == ["assigned", "completed", "new"])
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatCannotBeWritesNothing(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            #expect(try await take(.assigned, request.id, store) == .undecided)
            _ = try await store.apply(Fixture.decided(acceptance: false), to: request.id)
            #expect(try await take(.assigned, request.id, store) == .declined)
            #expect(try await take(.assigned, Fixture.id(), store) == .unknown)
            let id = try await covered(store)
            #expect(try await take(.assigned, id, store, within: "other-org") == .unknown)
            #expect(try await take(.completed, id, store) == .refused(.new))
            guard case .unchanged = try await take(.reopened, id, store) else {
                Issue.record("a new request was reopened")
                return
            }
            var change = StatusChange(step: .assigned, at: Fixture.now + 9, traceParent: Fixture.traceParent)
            change.precondition = { _ in false }
            #expect(
                try await store.changeStatus(of: id, within: Fixture.provider.organization, change)
                    == .preconditionFailed)
            #expect(try await store.request(id)?.organizationProgress == OrganizationProgress())
            #expect(try await store.outboxStatus().count == 2, "only what came with the requests")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func ofTwoAtOnceOneSeesWhatTheOtherMade(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            for _ in 0..<10 {
                let id = try await covered(store)
                let outcomes = try await withThrowingTaskGroup(of: StatusChangeOutcome.self) { group in
                    for step in [OrganizationStatus.Step.canceled, .assigned] {
                        group.addTask { try await take(step, id, store) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let changed = outcomes.compactMap { if case .changed(let request) = $0 { request } else { nil } }
                // Canceled first: then nothing can be assigned. Assigned first: it is canceled after that.
                #expect(outcomes.contains(.refused(.canceled)) == (changed.count == 1))
                #expect(Set(changed.map(\.organizationProgress.sequence)) == Set(2..<2 + changed.count))
                #expect(try await store.request(id)?.organizationProgress.status == .canceled)
            }
        }
    }

    private func covered(_ store: RequestStore) async throws -> RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        _ = try await store.apply(Fixture.geocoded(), to: request.id)
        _ = try await store.apply(Fixture.decided(), to: request.id)
        return request.id
    }

    private func take(
        _ step: OrganizationStatus.Step, _ id: RequestID, _ store: RequestStore, after seconds: Double = 9,
        within organization: String = Fixture.provider.organization
    ) async throws -> StatusChangeOutcome {
        let change = StatusChange(step: step, at: Fixture.now + seconds, traceParent: Fixture.traceParent)
        return try await store.changeStatus(of: id, within: organization, change)
    }
}
