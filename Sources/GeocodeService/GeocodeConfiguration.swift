import Places
import ServiceRuntime

/// What GeocodeService is told at its start.
///
/// | Key | Variable | Default | Meaning |
/// |---|---|---|---|
/// | `gazetteer.file` | `INTAKE_GAZETTEER_FILE` | the file shipped beside the executable | the gazetteer to use |
/// | `geocoders.file` | `INTAKE_GEOCODERS_FILE` | none: the gazetteer alone | who is asked for streets, see
/// `GeocoderFile.parse`; read again on change |
/// | `geocoder.cache.path` | `INTAKE_GEOCODER_CACHE_PATH` | `geocoder-cache.sqlite` | where answers are kept; made when
/// the first geocoder needs it |
struct GeocodeConfiguration: Sendable {
    /// `nil` when it could not be read; the settings then hold the reason and the process does not start.
    var gazetteer: Gazetteer?
    /// Without entries when there is no file; `nil` when it could not be read; the settings then hold the reasons and
    /// the process does not start.
    var geocoders: ReloadingFile<GeocoderFile>?
    var cachePath: String

    init(_ settings: inout Settings) {
        cachePath = settings.string("geocoder.cache.path", default: "geocoder-cache.sqlite")
        let path = settings.optionalString("gazetteer.file")
        gazetteer = settings.opened("gazetteer.file") { () throws(GazetteerFileError) in
            try GazetteerFile.read(path)
        } problem: {
            $0.description
        }
        if settings.optionalString("geocoders.file") == nil {
            geocoders = ReloadingFile(fixed: GeocoderFile())
        } else {
            geocoders = settings.file("geocoders.file", default: "") { bytes throws(FileProblems) in
                try GeocoderFile.parse(bytes, secrets: .ofProcess)
            }
        }
    }
}
