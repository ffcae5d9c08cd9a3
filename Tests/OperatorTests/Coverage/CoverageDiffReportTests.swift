import AdminAPI
import Foundation
import Testing

@testable import Operator

@Suite struct CoverageDiffReportTests {
    private static let draft = UploadDraft.Answer(
        id: "d", coverageVersion: "draft@1", organizations: ["relief"], warnings: [], expiresInSeconds: 900)

    private static func report(all: Bool = false, county: String = "Harris County") -> CoverageDiffReport {
        var comparison = DecisionComparison()
        let yes = PlaceFixture.yes
        comparison.add(PlaceFixture.place(1, county: county), before: yes, after: PlaceFixture.no)
        comparison.add(PlaceFixture.place(2), before: yes, after: PlaceFixture.yes)
        let other = Verdict(outcome: .covered, reason: "zip_covered", rule: "zip:77002")
        comparison.add(PlaceFixture.place(3), before: yes, after: other)
        comparison.add(PlaceFixture.place(4), before: nil, after: nil)
        return CoverageDiffReport(draft: draft, comparison: comparison, showsAll: all)
    }

    @Test func textShowsTotalsAndFlips() {
        #expect(
            Self.report().text == """
                draft draft@1

                decided requests compared  3
                  yes to no                1
                  same answer, other rule  1
                not decided yet, left out  1

                YES TO NO
                REQUESTS  ORGANIZATION  COUNTY                     BEFORE                    WITH THE DRAFT  FOR EXAMPLE
                       1  relief        Harris County, TX (48201)  state_covered (state:TX)  not_covered     \
                019a8f10-7c3b-7d52-8e11-000000000001

                """)
        #expect(Self.report(all: true).text.contains("\nSAME ANSWER\n"))
    }

    @Test func nothingMustSteerATerminalOrASpreadsheet() {
        #expect(!Self.report(county: "a\u{1B}[2J").text.contains("\u{1B}"))
        let csv = Self.report(county: "=1+1\"").csv
        #expect(csv.contains("relief,\"'=1+1\"\", TX (48201)\",state_covered,state:TX,not_covered,,1,"))
        #expect(csv.hasSuffix("\r\n") && csv.split(separator: "\r\n").count == 2)
    }

    @Test func jsonHasTheSame() throws {
        let data = try Output.jsonText(Self.report().json)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["compared"] as? Int == 3 && json["undecided"] as? Int == 1)
        #expect((json["totals"] as? [String: Int])?["yes-to-no"] == 1)
        let groups = try #require(json["groups"] as? [[String: Any]])
        let group = try #require(groups.first)
        #expect(groups.count == 1 && group["change"] as? String == "yes-to-no")
        #expect(group["examples"] as? [String] == [PlaceFixture.id(1).uuidString.lowercased()])
    }
}
