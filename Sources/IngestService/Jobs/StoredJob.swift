import Contracts

/// A request with all that its job shows.
struct StoredJob: Sendable, Equatable {
    var request: StoredRequest
    /// What the store keeps of it, oldest first; what has columns of its own is not among it, see `events`.
    var timeline: [TimelineEntry] = []
    /// Set while the partner's endpoint is left alone.
    var endpoint: EndpointTrouble?

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
