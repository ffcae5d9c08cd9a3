import Contracts
import Foundation
import Testing

@Suite struct JSONObjectTextTests {
    @Test func foundationReadsWhatIsWritten() throws {
        var object = JSONObjectText()
        object.add("text", "quote \" backslash \\ slash / tab \t null \u{0} unit \u{1F} delete \u{7F} é 😀")
        object.add("empty", "")
        object.add("absent", nil as String?)
        object.add("flag", false)
        object.add("count", Int.min)
        object.beginObject("nothing")
        object.endObject()
        object.beginObject("place")
        try object.add("latitude", -0.1)
        try object.add("tiny", .leastNonzeroMagnitude)
        try object.add("huge", Double.greatestFiniteMagnitude)
        object.endObject()
        object.beginArray("list")
        for number in 1...2 {
            object.beginElement()
            object.add("number", number)
            object.endObject()
        }
        object.endArray()
        object.add(header: "a \"name\"", .int(-3))
        object.add(header: "other", .other)
        object.add("last", true)
        let read = try #require(
            JSONSerialization.jsonObject(with: Data(object.bytes())) as? [String: Any])
        let place = try #require(read["place"] as? [String: Double])
        #expect(Set(read.keys) == ["text", "empty", "flag", "count", "nothing", "place", "list", "a \"name\"", "last"])
        #expect(
            read["text"] as? String == "quote \" backslash \\ slash / tab \t null \u{0} unit \u{1F} delete \u{7F} é 😀")
        #expect(read["count"] as? Int == .min)
        #expect(read["a \"name\""] as? Int == -3)
        #expect(read["last"] as? Bool == true)
        #expect(read["list"] as? [[String: Int]] == [["number": 1], ["number": 2]])
        #expect(place == ["latitude": -0.1, "tiny": .leastNonzeroMagnitude, "huge": .greatestFiniteMagnitude])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func aNumberThatJSONDoesNotHaveIsRefused(_ number: Double) {
        var object = JSONObjectText()
        #expect(throws: ContractError(code: .badData, detail: "bad value at distance")) {
            try object.add("distance", number)
        }
    }

    @Test func anEmptyObject() { #expect(JSONObjectText().bytes() == Array("{}".utf8)) }
}
