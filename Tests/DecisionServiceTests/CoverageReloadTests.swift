import Foundation
import ServiceRuntime
import Testing

@testable import DecisionService

@Suite struct CoverageReloadTests {
    @Test func aBrokenAreaKeepsTheOldCoverageAsAWhole() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "intake-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
        }
        let yaml = "organizations: {relief: {covers: {polygons: [area.geojson], zips_file: zips.csv}}}"
        try write("area.geojson", CoverageFixture.polygon(CoverageFixture.square(west: -90, south: 40)))
        try write("zips.csv", "77002\n")
        try write("coverage.yaml", yaml)
        let file = try ReloadingFile(path: folder.appending(path: "coverage.yaml").path) {
            bytes, files throws(FileProblems) in try CoverageFile.parse(bytes, files: files)
        }
        let first = file.value
        try write("zips.csv", "77002\n77003\n")
        try write("area.geojson", #"{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1]]]}"#)
        file.reload()
        #expect(file.value.version == first.version)
        #expect(file.value.organizations["relief"]?.covers.zips.count == 1)
        try write("area.geojson", CoverageFixture.polygon(CoverageFixture.square(west: -91, south: 40)))
        file.reload()
        #expect(file.value.version != first.version)
        #expect(file.value.organizations["relief"]?.covers.zips.count == 2)
    }
}
