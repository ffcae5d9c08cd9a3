import AdminAPI
import Broker
import Contracts
import DeadLetters
import Foundation
import ServiceRuntime
import Terminal

/// Looks for requests that have not moved for too long.
struct Auditor: Sendable {
    var api: ServiceAdmin
    var target: BrokerTarget
    var stuckAfter: Duration

    /// What the queues hold that concerns stuck requests.
    private struct Queues: Sendable {
        /// In which retry or dead queue a request was seen.
        var places: [UUID: String] = [:]
        /// By the queue's name.
        var backlogs: [String: (ready: Int, consumers: Int)] = [:]
    }

    /// - Throws: `CommandError` when the admin API or the broker cannot be asked.
    func audit() async throws -> AuditReport {
        let conservation = try await api.send(CountRequests.call())
        let stuck = try await stuck()
        let open = stuck.filter { !$0.isInOutbox }
        let queues =
            open.isEmpty ? Queues() : try await look(for: open)
        // What has moved meanwhile was never lost.
        let stillStuck = open.isEmpty ? stuck : try await self.stuck()
        let seen = Set(stuck.map(\.id))
        let findings = stillStuck.filter { seen.contains($0.id) }.map { request in
            AuditReport.Finding(request: request, place: place(of: request, queues))
        }
        return AuditReport(conservation, findings)
    }

    /// Has the event of every request that is nowhere published again.
    func repair(_ report: inout AuditReport) async {
        for index in report.stuck.indices where report.stuck[index].place == .nowhere {
            do throws(CommandError) {
                let event = try await api.send(PublishAgain.call(of: report.stuck[index].request.id))
                report.stuck[index].repair = .published(eventType: event.eventType)
            } catch {
                report.stuck[index].repair = .failed(error.description)
            }
        }
    }

    private func place(of request: PendingRequest, _ queues: Queues) -> AuditReport.Place {
        if request.isInOutbox { return .outbox }
        if let queue = queues.places[request.id.uuid] { return .queue(queue) }
        // The projection may be behind: then the stage has done its work, and the news waits there.
        for name in workQueues(of: request) {
            if let backlog = queues.backlogs[name], backlog.ready > 0 {
                return .backlog(name, ready: backlog.ready, consumers: backlog.consumers)
            }
        }
        return .nowhere
    }

    /// Where a request's message may wait for a service.
    private func workQueues(of request: PendingRequest) -> [String] {
        let topology = target.topology
        let own = request.stage == .callback ? [topology.callbackQueue(of: request.provider)] : []
        return own + [topology.queue(request.stage), topology.queue(.progress)]
    }

    private func stuck() async throws(CommandError) -> [PendingRequest] {
        var requests: [PendingRequest] = []
        var after: RequestID?
        repeat {
            let page = try await api.send(
                ListPending.call { ($0.olderThan, $0.limit, $0.after) = (stuckAfter, 500, after) })
            requests += page.pending
            after = page.next
        } while after != nil
        return requests
    }

    /// Goes through the retry and dead queues of the stages, and of the projection. What is in them is held meanwhile,
    /// which delays what is due by a moment, and is back in its place when the session ends.
    private func look(for requests: [PendingRequest]) async throws -> Queues {
        let ids = Set(requests.map(\.id.uuid))
        let stages = Set(requests.map(\.stage))
        let names = Set(requests.flatMap(workQueues))
        return try await target.session { session in
            var queues = Queues()
            for name in names {
                // A provider has a queue only when the callback service knows it.
                guard let depth = try await session.depth(ifThere: name) else { continue }
                queues.backlogs[name] = (depth.messages, depth.consumers)
            }
            for stage in Stage.allCases where names.contains(session.topology.queue(stage)) {
                let work = try await session.work(of: stage)
                // Of the shards together, and of the one that nobody consumes, if there is one.
                queues.backlogs[session.topology.queue(stage)] = (
                    work.reduce(0) { $0 + $1.depth.messages }, work.map(\.depth.consumers).min() ?? 0
                )
            }
            for stage in Stage.allCases where stages.contains(stage) || stage == .progress {
                let tiers = Topology.tiers(stage).map { session.topology.retryQueue(stage, $0) }
                for queue in tiers + [session.topology.deadQueue(stage)] {
                    try await QueueReader(session: session).read(queue) { delivery in
                        let id = EventMessage(delivery.message).requestID?.uuid
                        if let id, ids.contains(id) { queues.places[id] = queue }
                        return true
                    }
                }
            }
            return queues
        }
    }
}
