import AdminAPI
import Broker
import Contracts
import DeadLetters
import Foundation
import Terminal

/// How all of it is at a moment, and what of that needs a person.
struct SystemStatus: Sendable, Encodable {
    var services: [ServiceStatus]
    /// Empty when the broker does not tell.
    var stages: [StageStatus] = []
    /// Why the broker or the store does not tell.
    var untold: [String] = []
    /// `nil` when IngestService does not tell.
    var requests: ConservationTable?
    var figures = Figures()
    /// Partners whose endpoint the callback service leaves alone, and why there may be nothing to do.
    var degradedEndpoints: [String] = []
    /// Partners whose callbacks an operator has paused.
    var pausedPartners: [String] = []
    /// How many callbacks wait and why, by partner; empty when IngestService does not tell.
    var waiting: [WaitingPartner] = []
    /// What a person should look at, a line each, most urgent first.
    var needs: [String] = []

    /// A stage's queues.
    struct StageStatus: Sendable, Equatable, Encodable {
        var stage: Stage
        /// Messages that are ready, in all shards; those in hand are not among them.
        var waiting: Int
        /// Of the stage's queue; of the shard that has the fewest.
        var consumers: Int
        /// Those that wait for another attempt.
        var retrying: Int
        var dead: Int
        /// Those of its queues that nobody consumes.
        var unconsumed: [Unconsumed] = []

        struct Unconsumed: Sendable, Equatable {
            /// The stage's own queue when `nil`.
            var shard: String?
            var waiting: Int
        }

        enum CodingKeys: CodingKey { case stage, waiting, consumers, retrying, dead }
    }

    /// Of the metrics; `nil` where nobody tells.
    struct Figures: Sendable, Equatable, Encodable {
        var stuck: Int?
        var openReviews: Int?
        var overdueReviews: Int?
        var outboxPending: Int?
        /// Seconds.
        var outboxOldest: Int?
    }

    /// Whether every process that tells partners has said how their endpoints are.
    var endpointsAreKnown: Bool {
        let callbacks = services.filter { $0.service == "callback" }
        return !callbacks.isEmpty && callbacks.allSatisfy(\.toldMetrics)
    }

    /// Asks everybody at once. Never throws: who does not answer is among the findings.
    static func ask(_ listeners: [(service: String, api: ServiceAdmin)], _ target: BrokerTarget) async -> SystemStatus {
        let services = await withTaskGroup(of: (Int, ServiceStatus).self) { group in
            for (index, listener) in listeners.enumerated() {
                group.addTask { (index, await ServiceStatus.ask(listener.service, listener.api)) }
            }
            var found: [(Int, ServiceStatus)] = []
            for await one in group { found.append(one) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        var status = SystemStatus(services: services)
        let callbacks = services.filter { $0.service == "callback" }
        let endpoints = callbacks.flatMap { $0.metrics.samples("intake_callback_endpoint_degraded") }
        do {
            status.stages = try await stages(target, providers: Set(endpoints.compactMap { $0.labels["provider"] }))
        } catch {
            status.untold.append("\(error)")
        }
        let ingest = services.first { $0.service == "ingest" }
        if let ingest, ingest.isReached, let api = listeners.first(where: { $0.service == "ingest" })?.api {
            do throws(CommandError) {
                status.requests = try await api.send(CountRequests.call())
                // An older service has no such list.
                status.waiting = try await api.find(ListWaiting.call { $0.limit = 0 })?.providers ?? []
            } catch {
                status.untold.append(error.description)
            }
        }
        if let metrics = ingest?.metrics { status.figures = Figures(metrics) }
        func providers(_ gauge: String) -> [String] {
            Set(
                callbacks.flatMap { $0.metrics.samples(gauge) }
                    .filter { $0.value > 0 }.compactMap { $0.labels["provider"] }
            ).sorted()
        }
        status.degradedEndpoints = providers("intake_callback_endpoint_degraded")
        status.pausedPartners = providers("intake_callback_paused")
        status.needs = status.whatNeedsAPerson()
        return status
    }

    /// - Parameter providers: those whose callbacks have a queue of their own.
    private static func stages(_ target: BrokerTarget, providers: Set<String>) async throws -> [StageStatus] {
        try await target.session { session in
            var stages: [StageStatus] = []
            for stage in Stage.allCases {
                let work = try await session.work(of: stage)
                var waiting = work.reduce(0) { $0 + $1.depth.messages }
                if stage == .callback {
                    for provider in providers {
                        let own = try await session.depth(ifThere: session.topology.callbackQueue(of: provider))
                        waiting += own?.messages ?? 0
                    }
                }
                var retrying = 0
                for tier in Topology.tiers(stage) {
                    retrying += try await session.depth(of: session.topology.retryQueue(stage, tier)).messages
                }
                let dead = try await session.depth(of: session.topology.deadQueue(stage)).messages
                stages.append(
                    StageStatus(
                        stage: stage, waiting: waiting, consumers: work.map(\.depth.consumers).min() ?? 0,
                        retrying: retrying, dead: dead,
                        unconsumed: work.filter { $0.depth.consumers == 0 }.map {
                            .init(
                                shard: $0.queue == session.topology.queue(stage) ? nil : $0.queue,
                                waiting: $0.depth.messages)
                        }))
            }
            return stages
        }
    }

    func whatNeedsAPerson() -> [String] {
        var needs: [String] = []
        for service in services where !service.isReached {
            needs.append(
                service.answeredBy.map {
                    "\($0) answers at \(service.address), not \(service.service): say where it is"
                } ?? "\(service.service) does not answer at \(service.address): start it, or say where it is")
        }
        let causes = StatusCause.all(of: services.filter(\.isReached)).filter { !isOfPartners($0) }
        needs += causes.map(\.line)
        // What the services say of the broker need not be said again.
        needs += untold.filter { untold in !causes.contains { $0.isSaid(by: untold) } }
        for stage in stages where stage.consumers == 0 {
            // Which of them is told where there are several.
            let whole = [StageStatus.Unconsumed(waiting: stage.waiting)]
            for queue in stage.unconsumed.isEmpty ? whole : stage.unconsumed {
                let name = queue.shard.map { "shard \($0)" } ?? "queue"
                needs.append("nobody consumes the \(name) of \(stage.stage): \(queue.waiting) waiting")
            }
        }
        let dead = stages.reduce(0) { $0 + $1.dead }
        if dead > 0 { needs.append("\(dead) dead letters: intake dead list") }
        needs += degradedEndpoints.map(degraded) + pausedPartners.map(paused)
        if let overdue = figures.overdueReviews, overdue > 0 {
            needs.append("\(overdue) reviews are overdue: intake review list")
        }
        if let stuck = figures.stuck, stuck > 0 { needs.append("\(stuck) requests do not move: intake audit") }
        if let requests, !requests.isConserved { needs.append("the counts do not add up: intake audit") }
        let versions = Set(services.compactMap(\.version))
        if versions.count > 1 {
            needs.append("the services differ in version: \(versions.sorted().joined(separator: ", "))")
        }
        return needs
    }
}

/// What is said of partners who are not told.
extension SystemStatus {
    /// Whether a line of CallbackService's readiness names partners that have lines of their own.
    private func isOfPartners(_ cause: StatusCause) -> Bool {
        guard cause.checks == ["partners"] else { return false }
        let known = ["degraded": degradedEndpoints, "paused": pausedPartners]
        return cause.text.split(separator: "; ").allSatisfy { part in
            let words = part.split(separator: ": ", maxSplits: 1).map(String.init)
            guard words.count == 2, let known = known[words[0]] else { return false }
            return words[1].split(separator: ", ").allSatisfy { known.contains(String($0)) }
        }
    }

    private func degraded(_ provider: String) -> String {
        guard let partner = waiting.first(where: { $0.provider == provider }) else {
            // Who is told of trouble has an endpoint, too, and no requests.
            return "the endpoint of \(provider) fails: intake callbacks test \(provider)"
        }
        let since = partner.endpoint?.degradedSince.map { " since \(Timestamp.string($0))" } ?? ""
        let error = partner.endpoint?.error.map { " (\($0.code))" } ?? ""
        return "the endpoint of \(provider) fails\(since)\(error), \(Self.count(partner)): "
            + "intake callbacks waiting \(provider)"
    }

    private func paused(_ provider: String) -> String {
        guard let partner = waiting.first(where: { $0.provider == provider }) else {
            return "the callbacks to \(provider) are paused: intake callbacks resume \(provider)"
        }
        let why = partner.paused.map { " \($0.text)" } ?? ""
        return "the callbacks to \(provider) are paused\(why); \(Self.count(partner)): "
            + "intake callbacks waiting \(provider), or resume \(provider)"
    }

    private static func count(_ partner: WaitingPartner) -> String {
        partner.count == 1 ? "1 callback waits" : "\(partner.count) callbacks wait"
    }
}

extension SystemStatus.Figures {
    init(_ metrics: PrometheusText) {
        func whole(_ name: String) -> Int? { metrics.sum(name).map { Int(clamping: $0.rounded()) } }
        stuck = whole("intake_requests_stuck")
        openReviews = whole("intake_reviews_open")
        overdueReviews = whole("intake_reviews_overdue")
        outboxPending = whole("intake_outbox_pending")
        outboxOldest = whole("intake_outbox_oldest_seconds")
    }
}

extension SystemStatus {
    /// One screen.
    var lines: [String] {
        var table = TextTable()
        table.add("SERVICE", "STATE", "VERSION", "ADDRESS")
        for service in services {
            let state =
                service.isReached
                ? (service.isReady ? "ready" : "NOT READY") : service.answeredBy == nil ? "NO ANSWER" : "ANOTHER"
            table.add(service.service, state, service.version ?? "-", service.address)
        }
        var lines = table.lines
        if !stages.isEmpty {
            var table = TextTable(numeric: [1, 2, 3, 4])
            table.add("STAGE", "WAITING", "CONSUMERS", "RETRYING", "DEAD")
            for stage in stages {
                table.add(
                    stage.stage.rawValue, "\(stage.waiting)", "\(stage.consumers)", "\(stage.retrying)", "\(stage.dead)"
                )
            }
            lines += [""] + table.lines
        }
        lines.append("")
        if let total = requests?.total {
            lines.append(
                "requests  \(total.accepted) accepted: \(total.told) told, \(total.pending) under way, "
                    + "\(total.review) in review, \(total.dead) dead")
        }
        let oldest = figures.outboxOldest.map { Duration.seconds($0).age } ?? "?"
        func figure(_ number: Int?) -> String { number.map { "\($0)" } ?? "?" }
        lines.append("reviews   \(figure(figures.openReviews)) open, \(figure(figures.overdueReviews)) overdue")
        lines.append(
            "outbox    \(figure(figures.outboxPending)) events wait"
                + (figures.outboxPending ?? 0 > 0 ? ", the oldest for \(oldest)" : ""))
        let open =
            if !degradedEndpoints.isEmpty {
                "failing: " + degradedEndpoints.joined(separator: ", ")
            } else {
                endpointsAreKnown ? "none fails" : "?"
            }
        let paused = pausedPartners.isEmpty ? "" : "; paused: " + pausedPartners.joined(separator: ", ")
        lines.append("endpoints \(open)\(paused)")
        lines.append("")
        lines += needs.isEmpty ? ["Nothing needs a person."] : ["Needs a person:"] + needs.map { "- \($0)" }
        return lines.map(PrintableText.of)
    }
}
