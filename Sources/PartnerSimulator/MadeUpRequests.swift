import Contracts
import NIOCore

/// Requests of people who do not exist, at places that do.
///
/// A request is a function of the seed and its index, so that many can make them at once. The bodies are put together
/// from pieces that need no escaping: an encoder would cost more than the POST.
struct MadeUpRequests: Sendable, Equatable {
    let count: Int
    /// What every id starts with.
    let prefix: String
    let seed: UInt64

    /// A prefix that no other run has: ids are unique for ever within a provider.
    static func newPrefix() -> String {
        "sim-\(String(UInt64.random(in: .min ... .max), radix: 36, width: 13))-"
    }

    func request(at index: Int) -> SimulatedRequest {
        var random = SeededGenerator(seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
        let place = MadeUpPlace.all[random.below(MadeUpPlace.all.count)]
        let given = Self.givenNames[random.below(Self.givenNames.count)]
        let family = Self.familyNames[random.below(Self.familyNames.count)]
        let street = Self.streets[random.below(Self.streets.count)]
        let house = 1 + random.below(9899)
        // 555-0100 to 555-0199 are kept for fiction: they ring nowhere.
        let line = 100 + random.below(100)
        let id = "\(prefix)\(index + 1)"
        var body = ByteBuffer()
        body.reserveCapacity(320)
        body.writeString(#"{"providerRequestId":""#)
        body.writeString(Self.escaped(id))
        body.writeString(#"","name":""#)
        body.writeString(given)
        body.writeString(" ")
        body.writeString(family)
        body.writeString(#"","address":""#)
        body.writeString("\(house) \(street)")
        body.writeString(#"","city":""#)
        body.writeString(place.city)
        body.writeString(#"","state":""#)
        body.writeString(place.state)
        body.writeString(#"","zip":""#)
        body.writeString(place.zip)
        body.writeString(#"","phone":"202-555-0"#)
        body.writeString(String(line))
        body.writeString(#"","email":"resident"#)
        body.writeString(String(index + 1))
        body.writeString(#"@example.org","status":"new"}"#)
        return SimulatedRequest(id: id, body: body, expected: nil)
    }

    /// A prefix is printable ASCII: these two are all that JSON escapes of it.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { return text }
        return String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] })
    }

    private static let givenNames = [
        "Ada", "Ben", "Chloe", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jamal", "Keiko", "Luis", "Maya",
        "Noor", "Olga", "Pedro", "Quinn", "Rosa", "Sven", "Thuy", "Uma", "Viktor", "Wanda", "Ximena", "Yusuf", "Zoë",
    ]

    private static let familyNames = [
        "Abbott", "Baker", "Castillo", "Diaz", "Ellis", "Fischer", "Garcia", "Hughes", "Ito", "Jensen", "Kim", "Lopez",
        "Müller", "Nguyen", "O'Brien", "Patel", "Quigley", "Rivera", "Smith", "Tran", "Underwood", "Vargas", "Walker",
        "Young", "Zhang",
    ]

    private static let streets = [
        "Main St", "Oak Ave", "Maple Dr", "Cedar Ln", "Washington Blvd", "2nd St", "N Elm St", "Lake Rd",
        "Hill St Apt 4",
        "Park Pl", "Sunset Ter", "Church St", "River Rd", "County Road 12", "Highland Ave", "Mill St Unit B",
    ]
}
