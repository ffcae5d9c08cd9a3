/// How many requests are where.
struct ConservationTable: Sendable, Equatable, Codable {
    var providers: [Counts]
    var total: Counts

    struct Counts: Sendable, Equatable, Codable {
        /// Absent for the total.
        var provider: String?
        var accepted: Int
        var told: Int
        var pending: Int
        /// Waiting for a person to decide: in no queue.
        var review: Int
        var dead: Int

        /// `accepted = told + pending + review + dead`.
        var isConserved: Bool { accepted == told + pending + review + dead }
    }

    var isConserved: Bool { (providers + [total]).allSatisfy(\.isConserved) }
}
