import Contracts
import Foundation
import Testing

@testable import CoverageMap

@Suite struct CountyShapesTests {
    @Test func aFileIsRead() throws {
        let shapes = try ShapesFixture().shapes
        #expect(shapes.counties.map(\.fips) == ["20001", "20003"])
        #expect(shapes.counties.map(\.name) == ["Alpha <&>", "Beta"])
        #expect(shapes.counties.map(shapes.state) == ["KS", "KS"])
        let ring = shapes.points(of: shapes.counties[1].rings[0])
        #expect(ring.count == 5 && ring.first == ring.last)
        #expect(ring.map(\.longitude).max() == -97 && ring.map(\.latitude).min() == 38)
    }

    @Test func everyCutIsAnError() throws {
        let bytes = ShapesFixture().bytes
        for length in 0..<bytes.count {
            #expect(throws: ByteReader.Failure.self) { try CountyShapes(bytes: Array(bytes[..<length])) }
        }
    }

    @Test func everyFlippedByteIsAnError() throws {
        let bytes = ShapesFixture().bytes
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x11
            #expect(throws: ByteReader.Failure.self) { try CountyShapes(bytes: damaged) }
        }
    }

    /// The digest is right, and the content is not.
    private struct Contradiction: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var problem = ByteReader.Failure.Problem.inconsistent
        var change: @Sendable (inout ShapesFixture) -> Void

        init(
            _ what: String, _ problem: ByteReader.Failure.Problem = .inconsistent,
            _ change: @escaping @Sendable (inout ShapesFixture) -> Void
        ) {
            testDescription = what
            self.problem = problem
            self.change = change
        }

        static let all: [Contradiction] = [
            Contradiction("a name of another file", .foreign) { $0.magic = Array("INTAKEGZ".utf8) },
            Contradiction("a later version", .unknownVersion) { $0.version = [2, 0] },
            Contradiction("bytes behind the end") { $0.trailing = [0] },
            Contradiction("a state in small letters") { $0.states = [1, 20, 0x6B, 0x73] },
            Contradiction("no such state") { $0.states = [1, 21, 0x4B, 0x53] },
            Contradiction("more arcs than bytes") { $0.arcs[0] = 0x7F },
            Contradiction("an arc of one point") { $0.arcs = [1] + ShapesFixture.arc([(0, 0)]) + [0, 0, 0] },
            Contradiction("a point beyond the pole") { $0.arcs = [1] + ShapesFixture.arc([(0, 0), (0, 90_001)]) },
            Contradiction("no such arc") { $0.counties = [1] + ShapesFixture.county(20_001, "A", [[3]]) },
            Contradiction("a ring with a gap") { $0.counties = [1] + ShapesFixture.county(20_001, "A", [[0, 2]]) },
            Contradiction("a county twice") {
                $0.counties =
                    [2] + ShapesFixture.county(20_001, "A", [[0, 1]]) + ShapesFixture.county(0, "A", [[0, 1]])
            },
            Contradiction("a name that is not UTF-8") {
                $0.counties = [1] + ShapesFixture.varint(20_001) + [1, 0xFF, 0]
            },
        ]
    }

    @Test(arguments: Contradiction.all)
    private func whatContradictsItselfIsRefused(_ contradiction: Contradiction) throws {
        var fixture = ShapesFixture()
        contradiction.change(&fixture)
        let error = #expect(throws: ByteReader.Failure.self) { try CountyShapes(bytes: fixture.bytes) }
        #expect(error?.problem == contradiction.problem)
    }

    @Test func aMissingFileIsAnError() {
        let error = #expect(throws: ByteReader.Failure.self) {
            try ShapesFile.read(besideExecutable: URL(fileURLWithPath: "/nowhere/intake"))
        }
        #expect(error?.description == "the file cannot be read (byte 0)")
    }

    @Test func theShippedShapesHaveEveryCounty() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/CoverageMap/Resources/counties.bin")
        let shapes = try CountyShapes(bytes: [UInt8](Data(contentsOf: path)))
        #expect(shapes.counties.count == 3233 && shapes.states.count == 56)
        let harris = try #require(shapes.counties.first { $0.fips == "48201" })
        #expect(harris.name == "Harris" && shapes.state(of: harris) == "TX")
        let longitudes = harris.rings.flatMap { shapes.points(of: $0) }.map(\.longitude)
        #expect((-96.1...(-95.9)).contains(try #require(longitudes.min())))
        #expect((-95.1...(-94.8)).contains(try #require(longitudes.max())))
    }
}
