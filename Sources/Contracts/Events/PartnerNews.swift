/// What a partner is told about a request: the answer, and each further step, which says the answer again.
package protocol PartnerNews: EventData {
    var provider: String { get }
    var providerRequestID: String { get }
    var organization: String { get }
    var acceptance: Bool { get }
    var reason: DecisionReason { get }
    var rule: String? { get }
    var precision: GeocodedLocation.Precision? { get }
}

extension PartnerNews {
    package var partitionKey: String? { provider }
}
