import AdminAPI
import Contracts
import Crypto
import HTTPListener
import HTTPTypes
import Places
import ServiceRuntime

extension CoverageBundle {
    /// The same for the same content.
    var id: String {
        var hash = SHA256()
        for part in [("", coverage)] + (files ?? [:]).sorted(by: { $0.key < $1.key }) {
            // With their lengths, so that no text can pass for two.
            for text in [part.0, part.1] { hash.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        }
        return HexDigit.text(hash.finalize().prefix(16))
    }

    /// - Parameter counties: those that there are.
    /// - Throws: `Problem` with status 422, with all that is wrong as the service would say it at its start, and the
    ///   files that did not come with it.
    func compile(counties: CountyDirectory?) throws(Problem) -> Coverage {
        var missing: [String] = []
        do throws(FileProblems) {
            return try CoverageFile.parse(Array(coverage.utf8), counties: counties) { name in
                if let text = files?[name] { return Array(text.utf8) }
                missing.append(name)
                return nil
            }
        } catch {
            throw Problem(
                status: .unprocessableContent, code: "faulty-draft", detail: "The draft is wrong: see problems.",
                extensions: DraftFaults(problems: error.problems, missingFiles: missing))
        }
    }
}
