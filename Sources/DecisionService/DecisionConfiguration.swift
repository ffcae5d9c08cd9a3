import Places
import ServiceRuntime

/// What DecisionService is told at its start. The listener for questions is described with `QuestionSettings`.
struct DecisionConfiguration: Sendable {
    /// `nil` when it could not be read; the settings then hold the reasons and the process does not start.
    var coverage: ReloadingFile<Coverage>?
    /// `nil` for the shipped one.
    var gazetteerPath: String?
    /// Those that rules may name.
    var counties: CountyDirectory?
    /// `nil` when nobody is to ask.
    var questions: QuestionSettings?

    init(_ settings: inout Settings) {
        let path = settings.optionalString(
            "gazetteer.file", meaning: "The gazetteer; without it the one that is shipped beside the executable.")
        let counties = settings.opened("gazetteer.file") { () throws(GazetteerFileError) in
            CountyDirectory(try GazetteerFile.read(path))
        } problem: {
            $0.description
        }
        coverage = settings.file(
            "coverage.file", default: "coverage.yaml",
            meaning: "What each organisation covers; read again when it, or a file that it names, changes."
        ) { bytes, files throws(FileProblems) in
            try CoverageFile.parse(bytes, counties: counties, files: files)
        }
        for warning in coverage?.value.warnings ?? [] { settings.warn(warning) }
        gazetteerPath = path
        self.counties = counties
        questions = QuestionSettings(&settings, gazetteerPath: gazetteerPath)
    }
}
