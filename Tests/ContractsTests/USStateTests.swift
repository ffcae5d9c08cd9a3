import Contracts
import Testing

@Suite struct USStateTests {
    /// The number of each in the census: 50, the District and five territories.
    @Test func eachWithCountiesIsFoundByNumberAndByCode() {
        let codes = (0...99).compactMap { USState.code(fips: $0) }
        #expect(codes.count == 56 && Set(codes).count == 56)
        #expect(codes.allSatisfy { USState.isCode($0) && USState.hasCounties($0) })
        #expect(USState.code(fips: 48) == "TX" && USState.code(fips: 72) == "PR" && USState.code(fips: 3) == nil)
    }

    @Test(arguments: ["AA", "AE", "AP", "FM", "MH", "PW"])
    func someHaveNoCounties(_ code: String) { #expect(USState.isCode(code) && !USState.hasCounties(code)) }

    @Test(arguments: ["", "tx", "XX", "Texas", "T", "USA"])
    func anythingElseIsNoCode(_ text: String) { #expect(!USState.isCode(text)) }

    @Test func namesAreFoundInAnyCase() {
        #expect(USState.code(name: "new york") == "NY" && USState.code(name: "DISTRICT OF COLUMBIA") == "DC")
        #expect(USState.code(name: "United States Virgin Islands") == "VI" && USState.code(name: "Ontario") == nil)
    }
}
