import Foundation
import Testing

/// What stands in the corpora, fed to its harness: examples of each format, and everything that was ever found.
@Suite struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    @Test(.timeLimit(.minutes(5)), arguments: Harness.all.map(\.name))
    func theCorpusIsTaken(_ name: String) throws {
        let harness = try #require(Harness.all.first { $0.name == name })
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: name), includingPropertiesForKeys: nil)
        #expect(files.count > 1, "an example or two show a fuzzer the way")
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            // What takes long here takes for ever with a longer input.
            let begin = ContinuousClock.now
            var input = Input(bytes)
            harness.feed(&input)
            #expect(begin.duration(to: .now) < .seconds(10), "\(file.lastPathComponent)")
        }
    }

    @Test func everyCorpusHasItsHarness() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(folders) == Set(Harness.all.map(\.name)))
    }

    /// No harness may lean on anything but its input.
    @Test(arguments: Harness.all.map(\.name))
    func nothingIsTakenToo(_ name: String) throws {
        let harness = try #require(Harness.all.first { $0.name == name })
        for bytes in [[], [UInt8.min], [0x0A], [0x7F], [.max]] {
            var input = Input(bytes)
            harness.feed(&input)
        }
    }
}
