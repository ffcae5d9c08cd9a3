import Contracts
import Foundation

/// Finds and reads the gazetteer that is shipped with the program.
package enum GazetteerFile {
    /// The folder that the build puts the resources of this target in.
    static let folder = "intake_Places.resources"
    package static let name = "gazetteer.bin"

    /// The shipped file: in the resource folder beside the executable, wherever the program was started from.
    /// `Bundle.module` is not asked, because it ends the process when the folder is missing.
    static func shipped(besideExecutable executable: URL? = Bundle.main.executableURL) -> String? {
        executable?.resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent(folder, isDirectory: true).appendingPathComponent(name).path
    }

    /// - Parameter path: the file; `nil` for the shipped one.
    /// - Throws: `GazetteerFileError`, which names the path and what is wrong.
    package static func read(_ path: String?) throws(GazetteerFileError) -> Gazetteer {
        guard let path = path ?? shipped() else {
            throw GazetteerFileError(path: name, problem: "the program's own folder is unknown")
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw GazetteerFileError(path: path, problem: exists ? "the file cannot be read" : "there is no such file")
        }
        do {
            return try Gazetteer(bytes: [UInt8](data))
        } catch {
            throw GazetteerFileError(path: path, problem: error.description)
        }
    }
}
