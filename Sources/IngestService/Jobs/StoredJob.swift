import Contracts

/// A request with all that its job shows.
struct StoredJob: Sendable, Equatable {
    var request: StoredRequest
    /// What the store keeps of it, oldest first; what has columns of its own is not among it, see `events`.
    var timeline: [TimelineEntry] = []
    /// Set while the partner's endpoint is left alone.
    var endpoint: DegradedEndpoint?

    /// All that happened, oldest first.
    var events: [TimelineEntry] {
        var events = [TimelineEntry(at: request.acceptedAt, name: "", kind: .accepted)]
        if let geocoding = request.geocoding {
            events.append(
                TimelineEntry(
                    at: geocoding.at, name: "", kind: .geocoded, stage: .geocode,
                    detail: geocoding.location?.precision.rawValue ?? geocoding.reason?.rawValue))
        }
        if let review = request.review {
            events.append(
                TimelineEntry(
                    at: review.at, name: "", kind: .reviewRequested, stage: .decision, detail: review.reason.rawValue))
        }
        if let decision = request.decision {
            events.append(
                TimelineEntry(
                    at: decision.at, name: "", kind: .decided, stage: .decision, detail: decision.reason.rawValue))
        }
        // A later one has an entry.
        if let receipt = request.receipt, receipt.sequence == 1 { events.append(TimelineEntry(receipt)) }
        events += timeline
        // Those of the same time stay in the order of the stages.
        return events.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    /// The attempts to tell the partner, with or without a receipt, oldest first.
    var attempts: [TimelineEntry] { events.filter { $0.kind == .attempted || $0.kind == .delivered } }
}

/// How far a request has come.
enum JobState: Sendable, Equatable {
    /// A stage has it, or it waits for one; `retry` when that stage has failed and tries again. Goes anywhere.
    case inProgress(stage: Stage, retry: StageFailureRecord.Retry?)
    /// A person is to decide. Goes to in progress when somebody has, or the deadline has passed.
    case inReview(Recorded<ReviewQuestion>)
    /// The partner has taken the answer. Final.
    case completed
    /// A stage gave up. Goes back to in progress when an operator replays the message.
    case failed(stage: Stage, StageFailureRecord.DeadLettering)
}

extension StoredRequest {
    /// The job's state, computed from whatever facts are there, so that their order does not matter.
    ///
    /// A later stage's fact says that the earlier ones have done their work, even when their own facts are still under
    /// way: so the state never moves backwards. A stage's dead-lettering counts only while its work is not done.
    var job: JobState {
        if receipt != nil { return .completed }
        let open: [Stage] =
            if decision != nil || review != nil { [.callback] } else if geocoding != nil {
                [.decision, .callback]
            } else {
                [.geocode, .decision, .callback]
            }
        for stage in open {
            if let deadLettering = dead(stage)?.currentDeadLettering { return .failed(stage: stage, deadLettering) }
        }
        if let openReview { return .inReview(openReview) }
        return .inProgress(stage: open[0], retry: retry(open[0]))
    }
}
