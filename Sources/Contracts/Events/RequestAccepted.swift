package import struct Foundation.Date

/// A partner's request is on disk and was answered with 202.
///
/// The only event that carries the street. Name, phone and e-mail never leave IngestService's database.
package struct RequestAccepted: EventData {
    package static let type = EventType.requestAccepted

    /// The partner system that sent the request, by the name that the operator gave it.
    package var provider: String
    /// The partner's own id of the request; unique for ever within the provider.
    package var providerRequestID: String
    /// The organisation that the partner works for.
    package var organization: String
    /// Where help is asked for.
    package var address: PostalAddress
    /// The partner's own name of the region, when it sent one that looks like a code.
    package var regionCode: String?
    /// When the request was accepted.
    package var acceptedAt: Date

    package init(
        provider: String, providerRequestID: String, organization: String, address: PostalAddress, regionCode: String?,
        acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.address = address
        self.regionCode = regionCode
        self.acceptedAt = acceptedAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        organization = try fields.string("organization")
        address = try PostalAddress(try fields.fields("address"))
        regionCode = try fields.stringIfPresent("regionCode")
        acceptedAt = try fields.time("acceptedAt")
    }

    package func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("organization", organization)
        try object.add("address", address.write)
        object.add("regionCode", regionCode)
        object.add("acceptedAt", Timestamp.string(acceptedAt))
    }
}

/// An address in the United States and its territories.
package struct PostalAddress: Sendable, Equatable {
    /// House number and street, as the partner wrote it.
    package var street: String
    /// City or post office, as the partner wrote it.
    package var city: String
    /// USPS code, two capital letters.
    package var state: String
    /// Five digits, or nine as `12345-6789`.
    package var zip: String

    package init(street: String, city: String, state: String, zip: String) {
        self.street = street
        self.city = city
        self.state = state
        self.zip = zip
    }

    init(_ fields: EventFields) throws(ContractError) {
        street = try fields.string("street")
        city = try fields.string("city")
        state = try fields.string("state")
        zip = try fields.string("zip")
    }

    func write(to object: inout JSONObjectText) {
        object.add("street", street)
        object.add("city", city)
        object.add("state", state)
        object.add("zip", zip)
    }
}
