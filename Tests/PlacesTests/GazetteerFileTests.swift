import Foundation
import Testing

@testable import Places

@Suite struct GazetteerFileTests {
    @Test func theShippedFileLiesBesideTheExecutable() {
        let executable = URL(fileURLWithPath: "/opt/intake/bin/geocode-service")
        #expect(
            GazetteerFile.shipped(besideExecutable: executable)
                == "/opt/intake/bin/intake_Places.resources/gazetteer.bin")
        #expect(GazetteerFile.shipped(besideExecutable: nil) == nil)
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: GazetteerFileError.self) { _ = try GazetteerFile.read("/nowhere/gazetteer.bin") }
        #expect(error?.description == "gazetteer /nowhere/gazetteer.bin: there is no such file")
    }

    @Test func aFolderIsNoFile() {
        let error = #expect(throws: GazetteerFileError.self) { _ = try GazetteerFile.read("/") }
        #expect(error?.problem == "the file cannot be read")
    }

    @Test func aDamagedFileIsToldApartFromAMissingOne() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("gazetteer.bin")
        try Data(GazetteerFixture().bytes().dropLast(3)).write(to: file)
        let error = #expect(throws: GazetteerFileError.self) { _ = try GazetteerFile.read(file.path) }
        #expect(error?.path == file.path)
        #expect(error?.problem.hasPrefix("the file is cut off") == true)
        try Data(GazetteerFixture().bytes()).write(to: file)
        #expect(try GazetteerFile.read(file.path).zips.zips.count == 5)
    }
}
