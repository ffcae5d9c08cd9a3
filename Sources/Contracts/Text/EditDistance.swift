/// How far two spellings are apart.
package enum EditDistance {
    /// Levenshtein's: how many bytes must be put in, taken out or replaced.
    package static func between(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (line, leftByte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, rightByte) in right.enumerated() {
                let replaced = diagonal + (leftByte == rightByte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
