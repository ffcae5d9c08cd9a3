import Foundation
import TestSupport
import Testing

/// What is wrong is one line that can be understood by itself, wherever it is read.
extension WrongConfigurationTests {
    /// A secret's file that is not there: 78, and one line.
    @Test(arguments: ServiceName.allCases)
    func aSecretsFileThatIsNotThere(_ name: ServiceName) async throws {
        for key in ["admin.token", "broker.password"] {
            let variable = "INTAKE_\(key.uppercased().replacing(".", with: "_"))_FILE"
            let end = try await LoneService(name, [variable: "/nonexistent/secret"]).fail()
            #expect(end.status == .exited(78))
            #expect(
                end.lines == [
                    "intake \(name.short): \(variable) (\(key)-file): /nonexistent/secret cannot be read: No such file or directory"
                ])
        }
    }

    /// An admin listener for everybody without a token: 78, and one line.
    @Test(arguments: ServiceName.allCases)
    func anAdminListenerForEverybodyWithoutAToken(_ name: ServiceName) async throws {
        let end = try await LoneService(name, ["INTAKE_ADMIN_HOST": "0.0.0.0"]).fail()
        #expect(end.status == .exited(78))
        #expect(
            end.lines.count == 1 && end.lines[0].hasPrefix("intake \(name.short): INTAKE_ADMIN_TOKEN (admin.token): "))
    }

    /// A port that is in use: 1, and a line that names key and port.
    @Test(arguments: [
        (ServiceName.geocode, "ADMIN"), (.ingest, "ADMIN"), (.ingest, "HTTP"), (.decision, "COVERAGE"),
    ])
    func aPortThatIsInUse(_ name: ServiceName, _ listener: String) async throws {
        let port = try OccupiedPort()
        let end = try await LoneService(name, ["INTAKE_\(listener)_PORT": "\(port.number)"]).fail()
        #expect(end.status == .exited(1))
        let key = "INTAKE_\(listener)_PORT (\(listener.lowercased()).port)"
        let problems = end.lines.filter { $0.contains(key) }
        #expect(problems.count == 1, "\(end.lines)")
        #expect(problems.allSatisfy { $0.contains("port \(port.number) of 127.0.0.1") && $0.contains("in use") })
        expectEvents(end.lines)
    }

    /// A file that cannot be made: 78, and one line that says why.
    @Test(arguments: [
        (ServiceName.ingest, "STORE_PATH", "store.path"),
        (.callback, "CALLBACK_STATE_PATH", "callback.state.path"),
    ])
    func aFileThatCannotBeMade(_ name: ServiceName, _ variable: String, _ key: String) async throws {
        // No directory, and a file system that takes no files of anybody.
        for path in ["/nonexistent/x.sqlite", "/proc/x.sqlite"] {
            let end = try await LoneService(name, ["INTAKE_\(variable)": path]).fail()
            #expect(end.status == .exited(78))
            #expect(
                end.lines == ["intake \(name.short): INTAKE_\(variable) (\(key)): \(path): No such file or directory"])
        }
    }

    /// A directory in place of the store: 78, and one line.
    @Test
    func aDirectoryInPlaceOfTheStore() async throws {
        let directory = try TestDirectory.make("no-store")
        let end = try await LoneService(.ingest, ["INTAKE_STORE_PATH": directory]).fail()
        #expect(end.status == .exited(78))
        #expect(end.lines.count == 1)
        #expect(end.lines.allSatisfy { $0.hasPrefix("intake ingest: INTAKE_STORE_PATH (store.path): \(directory): ") })
    }

    /// Geocoders can be asked without it: so it is said, and the service works.
    @Test
    func aGeocodersCacheThatCannotBeMadeIsInTheLogAndInTheHealthReport() async throws {
        let lone = try LoneService(.geocode, ["INTAKE_GEOCODER_CACHE_PATH": "/proc/cache.sqlite"])
        let file = "\(lone.directory)/geocoders.yaml"
        try """
        geocoders:
          - {name: osm, kind: nominatim, url: "http://127.0.0.1:1", contact: test@example.org, allow: [http]}

        """.write(toFile: file, atomically: true, encoding: .utf8)
        let service = try lone.with("INTAKE_GEOCODERS_FILE", file).start()
        let report = try await eventually("it answers", processes: [await service.childProcess]) {
            try await service.get("health/ready").body
        }
        #expect(report.contains("geocoder-cache: /proc/cache.sqlite: No such file or directory\n"))
        #expect(try await service.terminate().status == .exited(0))
        let lines = await service.log().split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.contains("/proc/cache.sqlite") }.count == 1)
        expectEvents(lines)
    }

    /// Every line is an event of its own, and none the rest of one.
    func expectEvents(_ lines: [String]) {
        for line in lines where line.prefixMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) == nil {
            Issue.record("is no event: \(line)")
        }
    }
}
