import Contracts
import Foundation
import Places
import Testing

@testable import DecisionService

/// How long a large coverage takes to read, and a decision by it. Not a test:
/// `INTAKE_BENCH=1 swift test -c release -Xswiftc -enable-testing --filter CoverageBench`.
///
/// Speed of a large coverage.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["INTAKE_BENCH"] == "1"), .timeLimit(.minutes(5)))
struct CoverageBench {
    private static let count = 200_000

    /// 100,000 ZIPs, 3,200 counties, 500 polygons of 500 points.
    @Test(arguments: [true, false])
    func aLargeCoverage(zipsInAFile: Bool) throws {
        let (yaml, files) = LargeCoverage.files(zipsInAFile: zipsInAFile, try GazetteerFile.read(nil))
        let clock = ContinuousClock()
        var read: Coverage?
        let reading = try clock.measure { read = try CoverageFixture.coverage(yaml, files: files) }
        let coverage = try #require(read)
        print("read, ZIPs in \(zipsInAFile ? "a CSV file" : "the YAML file"): \(reading.written)")
        for precision in [GeocodedLocation.Precision.rooftop, .zip] {
            let places = LargeCoverage.places(precision)
            var accepted = 0
            var slowest = Duration.zero
            let deciding = clock.measure {
                for index in 0..<Self.count {
                    let start = clock.now
                    let outcome = coverage.decide(
                        places[index % places.count], organization: "relief", at: .distantPast)
                    slowest = max(slowest, clock.now - start)
                    if outcome?.acceptance == true { accepted += 1 }
                }
            }
            print(
                "a decision, \(precision.rawValue): \((deciding / Self.count).written) on average, \(slowest.written) at most,",
                "\(accepted * 100 / Self.count) % accepted")
        }
    }
}
