package import struct Foundation.UUID

extension EventFields {
    /// A UUID in its canonical form.
    package func id(_ name: String) throws(ContractError) -> UUID {
        guard let id = UUID(canonical: try string(name)) else {
            throw ContractError(code: .badData, detail: "bad value at \(name)")
        }
        return id
    }

    package func idIfPresent(_ name: String) throws(ContractError) -> UUID? {
        guard try stringIfPresent(name) != nil else { return nil }
        return try id(name)
    }
}
