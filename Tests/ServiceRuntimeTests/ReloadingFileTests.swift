import Foundation
import ServiceRuntime
import Testing

@Suite struct ReloadingFileTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "intake-\(UUID().uuidString).txt").path

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    private func file() throws(FileProblems) -> ReloadingFile<Int> {
        try ReloadingFile(path: path) { bytes throws(FileProblems) in
            guard let number = Int(String(decoding: bytes, as: UTF8.self)) else {
                throw FileProblems(["is not a number"])
            }
            return number
        }
    }

    @Test func takesGoodContentAndKeepsTheLastGoodOne() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("1")
        let file = try file()
        #expect(file.value == 1)
        try write("22")
        file.reload()
        #expect(file.value == 22)
        try write("bad content")
        file.reload()
        #expect(file.value == 22)
        try FileManager.default.removeItem(atPath: path)
        file.reload()
        #expect(file.value == 22)
        try write("4444")
        file.reload()
        #expect(file.value == 4444)
    }

    @Test func whoeverFollowsItSeesWhatIsThereAndEachNewContent() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("1")
        let file = try file()
        var values = file.values().makeAsyncIterator()
        #expect(await values.next() == 1)
        try write("bad content")
        file.reload()
        try write("22")
        file.reload()
        #expect(await values.next() == 22)
        try write("333")
        file.reload()
        try write("4444")
        file.reload()
        #expect(await values.next() == 4444, "who is slow sees the newest")
    }

    @Test func aFileThatIsAbsentOrWrongAtStartIsRefused() throws {
        #expect(throws: FileProblems(["cannot be read"])) { try file() }
        try write("x")
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: FileProblems(["is not a number"])) { try file() }
    }
}
