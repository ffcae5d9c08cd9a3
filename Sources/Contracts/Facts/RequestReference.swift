package import struct Foundation.Date

/// The request that an event is about: who sent it, for whom, and when it was accepted.
///
/// Its fields stand flat in the event's data: those that say whose it is at the beginning, `acceptedAt` at the end.
package struct RequestReference: Sendable, Equatable {
    /// The partner system that sent the request, by the name that the operator gave it.
    package var provider = ""
    /// The partner's own id of the request; unique for ever within the provider.
    package var providerRequestID = ""
    /// The organisation that the partner works for.
    package var organization = ""
    /// When the request was accepted.
    package var acceptedAt = Date.unset

    init() {}

    package init(provider: String, providerRequestID: String, organization: String, acceptedAt: Date) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.acceptedAt = acceptedAt
    }

    mutating func codeNames(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("provider", &provider)
        try coder.field("providerRequestId", &providerRequestID)
        try coder.field("organization", &organization)
    }

    mutating func codeTime(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("acceptedAt", &acceptedAt)
    }
}

/// An address in the United States and its territories.
package struct PostalAddress: Fields {
    /// House number and street, as the partner wrote it.
    package var street = ""
    /// City or post office, as the partner wrote it.
    package var city = ""
    /// USPS code, two capital letters.
    package var state = ""
    /// Five digits, or nine as `12345-6789`.
    package var zip = ""

    package init() {}

    package init(street: String, city: String, state: String, zip: String) {
        self.street = street
        self.city = city
        self.state = state
        self.zip = zip
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("street", &street, isPersonal: true)
        try coder.field("city", &city)
        try coder.field("state", &state)
        try coder.field("zip", &zip)
    }
}
