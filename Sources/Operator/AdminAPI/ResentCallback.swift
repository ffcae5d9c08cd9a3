/// The event that tells a partner again.
struct ResentCallback: Sendable, Equatable, Codable {
    var eventId: AdminID
}
