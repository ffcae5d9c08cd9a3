/// A change of a schema by which the old version and the new one cannot run side by side.
struct BreakingChange: Equatable, CustomStringConvertible {
    /// The schema's file.
    var schema: String
    /// The field, e.g. `location.precision`; empty for the whole.
    var field: String
    var what: String

    var description: String { field.isEmpty ? "\(schema): \(what)" : "\(schema): \(field) \(what)" }
}
