import Contracts
import Testing

@testable import Places

@Suite struct GazetteerReadTests {
    private let fixture = GazetteerFixture()

    @Test func readsWhatWasWritten() throws {
        let gazetteer = try Gazetteer(bytes: fixture.bytes())
        #expect(gazetteer.states == ["MA", "TX"])
        #expect(gazetteer.counties.map(\.fips) == ["25025", "48141", "48201"])
        let zip = try #require(gazetteer.zip(77002))
        #expect(zip.county == County(fips: "48201", name: "Harris County", state: "TX"))
        #expect(zip.centre.latitude == 29.7566)
        #expect(zip.centre.longitude == -95.3655)
        #expect(gazetteer.zips.zips == [2108, 2109, 77002, 77003, 79901])
        #expect(gazetteer.zip(2107) == nil)
        #expect(gazetteer.zip(2110) == nil)
        #expect(gazetteer.zip(99_999) == nil)
        #expect(gazetteer.zips(prefix: 770).count == 2)
        #expect(gazetteer.zips(prefix: 771).isEmpty)
        #expect(gazetteer.zips(prefix: 999).isEmpty)
    }

    @Test func readsInWhichCountiesAZIPAndAPlaceLie() throws {
        let gazetteer = try Gazetteer(bytes: fixture.bytes())
        let shares = gazetteer.counties(ofZIP: 77003)
        #expect(shares.map(\.fips) == ["48201", "48141"] && shares.map(\.share) == [0.6, 0.4])
        #expect(shares.map(\.name) == ["Harris County", "El Paso County"])
        for zip: UInt32 in [2108, 77002, 79901, 1, 99_999] { #expect(gazetteer.counties(ofZIP: zip).isEmpty) }
        let boston = try #require(gazetteer.place(key: Array("boston".utf8), state: "MA"))
        #expect(boston.isCounty && boston.counties.map(\.fips) == ["25025"])
        let houston = try #require(gazetteer.place(key: Array("houston".utf8), state: "TX"))
        #expect(!houston.isCounty && houston.counties.isEmpty)
        #expect(gazetteer.counties.map(gazetteer.hasZIP) == [true, true, true])
        #expect(
            gazetteer.placesWithCounty(in: "TX").map { String(decoding: $0.key, as: UTF8.self) } == [
                "elpaso", "houstonia",
            ])
    }

    @Test(arguments: [("houston", "TX"), ("houstonia", "TX"), ("elpaso", "TX"), ("ftworth", "TX"), ("boston", "MA")])
    func findsEachPlace(key: String, state: String) throws {
        #expect(try Gazetteer(bytes: fixture.bytes()).place(key: Array(key.utf8), state: state) != nil)
    }

    @Test(arguments: [
        ("houst", "TX"), ("houstonian", "TX"), ("", "TX"), ("boston", "TX"), ("boston", "ZZ"), ("a", "MA"),
    ])
    func findsNoOtherPlace(key: String, state: String) throws {
        #expect(try Gazetteer(bytes: fixture.bytes()).place(key: Array(key.utf8), state: state) == nil)
    }

    @Test func anEmptyGazetteerAnswersNothing() throws {
        let gazetteer = try Gazetteer(bytes: GazetteerFixture(states: [], zips: [], shares: []).bytes())
        #expect(gazetteer.zip(77002) == nil)
        #expect(gazetteer.zips(prefix: 770).isEmpty)
        #expect(gazetteer.place(key: Array("houston".utf8), state: "TX") == nil)
    }

    @Test func everyTruncationIsAnError() {
        let bytes = fixture.bytes()
        for length in bytes.indices {
            #expect(throws: ByteReader.Failure.self) { _ = try Gazetteer(bytes: Array(bytes[..<length])) }
        }
    }

    @Test func everyFlippedBitIsAnError() {
        let bytes = fixture.bytes()
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                #expect(throws: ByteReader.Failure.self, "byte \(index), bit \(bit)") {
                    _ = try Gazetteer(bytes: damaged)
                }
            }
        }
    }

    /// A wrong writer's checksum is right: then the content must not lead astray either. Whatever is read, look-ups
    /// stay inside the arrays.
    @Test func flippedBitsUnderARightChecksumNeverTrap() {
        let bytes = fixture.bytes()
        for index in Gazetteer.headerLength..<bytes.count {
            for bit in 0..<8 {
                var body = Array(bytes[Gazetteer.headerLength...])
                body[index - Gazetteer.headerLength] ^= 1 << bit
                guard let gazetteer = try? Gazetteer(bytes: fixture.header(for: body) + body) else { continue }
                for zip in gazetteer.zips.zips { #expect(gazetteer.zip(zip) != nil) }
                _ = gazetteer.place(key: Array("houston".utf8), state: "TX")
            }
        }
    }

    @Test func countsThatPromiseMoreThanTheFileHoldsAreErrors() {
        for offset in stride(from: 10, to: 28, by: 2) {
            var bytes = fixture.bytes()
            bytes.replaceSubrange(offset..<offset + 2, with: [0xFF, 0xFF])
            #expect(throws: ByteReader.Failure.self, "offset \(offset)") { _ = try Gazetteer(bytes: bytes) }
        }
    }

    @Test func saysWhatIsWrong() {
        let bytes = fixture.bytes()
        var later = bytes
        later[8] = 4
        var earlier = bytes
        earlier[8] = 2
        #expect(problem(of: []) == .foreign)
        #expect(problem(of: Array("version https://git-lfs.github.com/spec/v1\n".utf8)) == .foreign)
        #expect(problem(of: later) == .unknownVersion)
        #expect(problem(of: earlier) == .unknownVersion)
        #expect(problem(of: bytes.dropLast()) == .cutOff)
        #expect(problem(of: bytes + [0]) == .trailingBytes)
        #expect(problem(of: bytes.dropLast() + [~bytes[bytes.count - 1]]) == .damaged)
    }

    @Test func refusesContentThatContradictsItself() {
        var zipsDescend = fixture
        zipsDescend.zips.swapAt(0, 1)
        var foreignCounty = fixture
        foreignCounty.zips[0].county = 3
        var offTheEarth = fixture
        offTheEarth.zips[0].latitude = 90.1
        var noRadius = fixture
        noRadius.zips[0].radius = 0
        var placesDescend = fixture
        placesDescend.states[1].places.swapAt(0, 1)
        var samePlaceTwice = fixture
        samePlaceTwice.states[0].places[1].key = "boston"
        var foreignShare = fixture
        foreignShare.shares[0].parts[0].county = 3
        var halfShared = fixture
        halfShared.shares[0].parts[0].percent = 50
        var sharedAlone = fixture
        sharedAlone.shares[0].parts = [(2, 100)]
        var nowhere = fixture
        nowhere.shares[0].zip = 1
        var foreignPlace = fixture
        foreignPlace.placeCounties["boston"] = ([3], true)
        var manyCounties = fixture
        manyCounties.placeCounties["boston"] = ([0, 0, 0], false)
        var statesDescend = fixture
        statesDescend.states.swapAt(0, 1)
        for wrong in [foreignShare, halfShared, sharedAlone, nowhere, foreignPlace, manyCounties] {
            #expect(problem(of: wrong.bytes()) == .inconsistent)
        }
        for wrong in [zipsDescend, foreignCounty, offTheEarth, noRadius, placesDescend, samePlaceTwice, statesDescend] {
            #expect(problem(of: wrong.bytes()) == .inconsistent)
        }
    }

    /// The check value of the CRC catalogues.
    @Test func checksumIsTheUsualOne() {
        #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    }

    private func problem(of bytes: [UInt8]) -> ByteReader.Failure.Problem? {
        #expect(throws: ByteReader.Failure.self) { _ = try Gazetteer(bytes: bytes) }?.problem
    }
}
