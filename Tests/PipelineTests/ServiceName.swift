/// The four services, by the names of their executables.
enum ServiceName: String, Sendable, CaseIterable {
    case ingest = "ingest-service"
    case geocode = "geocode-service"
    case decision = "decision-service"
    case callback = "callback-service"
}
