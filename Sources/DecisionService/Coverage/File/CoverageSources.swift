import Contracts
import Crypto
import Places
import ServiceRuntime
import Yams

/// The files that a coverage file names, each read once, and what is wrong with any of it.
struct CoverageSources {
    var problems = CoverageProblems()
    /// What counties there are; `nil` when that cannot be told.
    let counties: CountyDirectory?
    private let read: (String) -> [UInt8]?
    private var contents: [String: [UInt8]] = [:]

    /// - Parameter read: `nil` when there is no such file, or it cannot be read.
    init(counties: CountyDirectory?, read: @escaping (String) -> [UInt8]?) {
        self.counties = counties
        self.read = read
    }

    /// A file's content; `nil`, with a problem added, when it cannot be read.
    /// - Parameter name: as the coverage file has it.
    mutating func bytes(of name: String, at path: String, _ node: Node) -> [UInt8]? {
        if let known = contents[name] { return known }
        guard let bytes = read(name) else {
            problems.report(path, node, "the file \(CoverageProblems.quoted(name)) cannot be read")
            return nil
        }
        contents[name] = bytes
        return bytes
    }

    /// The first 12 hexadecimal digits of the SHA-256 of the coverage file; of it and of all files that it names, with
    /// their names and lengths, when there are any.
    func digest(of coverageFile: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(data: coverageFile)
        for (name, bytes) in contents.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\n\(name.utf8.count) \(name) \(bytes.count)\n".utf8))
            hash.update(data: bytes)
        }
        return HexDigit.text(hash.finalize().prefix(6))
    }
}
