package import Contracts
import Foundation

/// Finds and reads the shapes that are shipped with the program.
package enum ShapesFile {
    /// The folder that the build puts the resources of this target in.
    static let folder = "intake_CoverageMap.resources"
    static let name = "counties.bin"

    /// Who is to be named wherever the shapes are shown.
    package static let credit = "Boundaries: U.S. Census Bureau"

    /// Reads the file in the resource folder beside the executable. `Bundle.module` is not asked, because it ends the
    /// process when the folder is missing.
    package static func read() throws(ByteReader.Failure) -> CountyShapes {
        try read(besideExecutable: Bundle.main.executableURL)
    }

    static func read(besideExecutable executable: URL?) throws(ByteReader.Failure) -> CountyShapes {
        let path = executable?.resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent(folder, isDirectory: true).appendingPathComponent(name).path
        guard let path, let data = FileManager.default.contents(atPath: path) else {
            throw ByteReader.Failure(problem: .unreadable, offset: 0)
        }
        return try CountyShapes(bytes: [UInt8](data))
    }
}
