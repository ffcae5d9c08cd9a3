/// A request as a partner sends it.
struct HelpRequest: Sendable, Encodable {
    var providerRequestId: String
    var name = "Pat Example"
    var address = "901 Bagby St"
    var city: String
    var state: String
    var zip: String
    var phone = "713-555-0100"
    var email = "pat@example.org"
    var status = "new"

    /// What the coverage of `ConfigurationFiles.texas` must decide.
    var isCovered: Bool { state == "TX" }

    /// In Houston, which is covered.
    static func covered(_ id: String) -> HelpRequest {
        HelpRequest(providerRequestId: id, city: "Houston", state: "TX", zip: "77002")
    }

    /// With a ZIP of Houston and a city a thousand kilometres from there.
    static func doubtful(_ id: String) -> HelpRequest {
        HelpRequest(providerRequestId: id, city: "El Paso", state: "TX", zip: "77002")
    }

    /// In New York, which is not.
    static func notCovered(_ id: String) -> HelpRequest {
        HelpRequest(providerRequestId: id, city: "New York", state: "NY", zip: "10007")
    }
}
