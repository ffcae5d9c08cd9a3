import AddressTable
import Places
import ServiceRuntime

/// What GeocodeService is told at its start.
struct GeocodeConfiguration: Sendable {
    /// `nil` when it could not be read; the settings then hold the reason and the process does not start.
    var gazetteer: Gazetteer?
    /// Without entries when there is no file; `nil` when it could not be read; the settings then hold the reasons and
    /// the process does not start.
    var geocoders: ReloadingFile<GeocoderFile>?
    var cachePath: String

    private static let geocodersMeaning =
        "Who is asked for streets; without it the gazetteer alone answers. Read again when it changes."

    init(_ settings: inout Settings) {
        cachePath = settings.string(
            "geocoder.cache.path", default: "geocoder-cache.sqlite",
            meaning: "Where geocoders' answers are kept; made when the first geocoder needs it.")
        let path = settings.optionalString(
            "gazetteer.file", meaning: "The gazetteer; without it the one that is shipped beside the executable.")
        gazetteer = settings.opened("gazetteer.file") { () throws(GazetteerFileError) in
            try GazetteerFile.read(path)
        } problem: {
            $0.description
        }
        if settings.optionalString("geocoders.file", meaning: Self.geocodersMeaning) == nil {
            geocoders = ReloadingFile(fixed: GeocoderFile())
        } else {
            geocoders = settings.file(
                "geocoders.file", default: "", meaning: Self.geocodersMeaning
            ) { bytes throws(FileProblems) in
                try GeocoderFile.parse(bytes, secrets: .ofProcess)
            }
        }
        for entry in geocoders?.value.entries ?? [] where entry.kind == .addresses {
            _ = settings.opened("geocoders.file") { () throws(AddressTableError) in
                try AddressTable(path: entry.location)
            } problem: {
                "\(entry.name): \($0.description)"
            }
        }
    }
}
