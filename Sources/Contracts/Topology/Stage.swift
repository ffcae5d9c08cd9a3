/// The steps that a request goes through, each on its own queue.
package enum Stage: String, Sendable, CaseIterable, Codable {
    case geocode
    case decision
    case callback
    /// IngestService's projection: what a job shows.
    case progress
}
