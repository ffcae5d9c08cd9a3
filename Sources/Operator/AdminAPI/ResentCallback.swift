/// The event that tells a partner again.
struct ResentCallback: Sendable, Equatable, Codable {
    var eventId: AdminID
    var eventType: String?
    /// Which notification of the request it is.
    var sequence: Int?
}
