import Places
import ServiceRuntime

/// What GeocodeService is told at its start.
///
/// | Key | Variable | Default | Meaning |
/// |---|---|---|---|
/// | `gazetteer.file` | `INTAKE_GAZETTEER_FILE` | the file shipped beside the executable | the gazetteer to use |
struct GeocodeConfiguration: Sendable {
    /// `nil` when it could not be read; the settings then hold the reason and the process does not start.
    var gazetteer: Gazetteer?

    init(_ settings: inout Settings) {
        let key = "gazetteer.file"
        do {
            gazetteer = try GazetteerFile.read(settings.optionalString(key))
        } catch {
            settings.reject(key, error.description)
        }
    }
}
