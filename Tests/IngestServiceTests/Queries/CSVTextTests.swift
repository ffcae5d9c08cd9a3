import Testing

@testable import IngestService

@Suite struct CSVTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
        ("\r=1", "\"'\r=1\""), ("=a,\"b\"", "\"'=a,\"\"b\"\"\""), ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"), ("\u{FE66}1", "'\u{FE66}1"), ("\u{FE62}1", "'\u{FE62}1"),
        ("\u{2212}1", "'\u{2212}1"),
        ("\u{FE63}1", "'\u{FE63}1"), ("\u{FE6B}a", "'\u{FE6B}a"),
        ("\n=1", "\"'\n=1\""), ("a;=1+1", "\"a;=1+1\""), ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"),
        ("a\u{9B}2Jb", "a\u{FFFD}2Jb"),
        ("a\u{202E}b", "a\u{FFFD}b"), ("", ""), ("Zoë 😀", "Zoë 😀"), ("a=1", "a=1"),
    ])
    func othersTextIsNoFormula(_ text: String, _ cell: String) {
        var table = CSVText()
        table.row([.text(text), .own("-1.5"), .text(nil)])
        #expect(table.bytes == Array("\(cell),-1.5,\r\n".utf8))
    }
}
