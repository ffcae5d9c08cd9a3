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

    /// A file that names another in each line; its content is theirs together, and "bad" is refused.
    private func list(_ metrics: PrometheusRegistry) throws(FileProblems) -> ReloadingFile<String> {
        try ReloadingFile(path: path, metrics: metrics) { bytes, files throws(FileProblems) in
            var texts: [String] = []
            for name in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                guard let content = files(String(name)) else { throw FileProblems(["\(name) cannot be read"]) }
                texts.append(String(decoding: content, as: UTF8.self))
            }
            guard !texts.contains("bad") else { throw FileProblems(["bad"]) }
            return texts.joined(separator: "+")
        }
    }

    @Test func filesThatItNamesAreWatchedWithIt() throws {
        let metrics = PrometheusRegistry()
        let folder = FileManager.default.temporaryDirectory
        let names = ["one", "two"].map { "intake-\(UUID().uuidString)-\($0).txt" }
        let paths = names.map { folder.appending(path: $0).path }
        defer { for path in paths + [path] { try? FileManager.default.removeItem(atPath: path) } }
        func write(_ text: String, _ index: Int) throws {
            try Data(text.utf8).write(to: URL(filePath: paths[index]), options: .atomic)
        }
        func isRed() -> Bool {
            let name = URL(filePath: path).lastPathComponent
            return metrics.render().contains("intake_configuration_reload_failed{file=\"\(name)\"} 1.0\n")
        }
        try write("1", 0)
        try write("2", 1)
        try self.write("\(names[0])\n\(paths[1])")
        let file = try list(metrics)
        #expect(file.value == "1+2")
        try write("22", 1)
        file.reload()
        #expect(file.value == "1+22")
        #expect(!isRed())
        // All or nothing: the good one of two changes waits for the other.
        try write("11", 0)
        try write("bad", 1)
        file.reload()
        #expect(file.value == "1+22")
        #expect(isRed())
        try write("222", 1)
        file.reload()
        #expect(file.value == "11+222")
        #expect(!isRed())
        try FileManager.default.removeItem(atPath: paths[0])
        file.reload()
        #expect(file.value == "11+222")
        #expect(isRed())
        try self.write(names[1])
        file.reload()
        #expect(file.value == "222")
        #expect(!isRed())
    }
}
