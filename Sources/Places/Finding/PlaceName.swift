import Contracts

/// Names of places as people write them, made comparable: `St. Paul`, `saint paul` and `SAINT-PAUL` have one key.
///
/// deploy/gazetteer/build.py makes the gazetteer's keys by the same rules; a change here is a change there.
package enum PlaceName {
    /// Words that are written in several ways, each with the form that the key uses.
    private static let words = [
        "saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt", "mountain": "mtn", "heights": "hts",
        "springs": "spgs", "junction": "jct", "beach": "bch", "center": "ctr", "centre": "ctr", "village": "vlg",
        "point": "pt", "township": "twp",
    ]
    /// The same for the first of several words.
    private static let firstWords = [
        "n": "north", "s": "south", "e": "east", "w": "west", "no": "north", "so": "south",
    ]
    /// `City of …` is said of the same place.
    private static let kinds: Set = ["city", "town", "village", "borough", "township", "municipality"]

    /// The form in which two spellings of a name are the same: lower-case ASCII letters and digits without spaces,
    /// known words shortened. Empty when nothing of that is left.
    /// - Parameter lastWordToDrop: a word that is dropped at the end of longer names: the state in `Houston, TX`.
    package static func key(_ name: String, droppingLast lastWordToDrop: String? = nil) -> [UInt8] {
        var words = folded(name).split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        if words.count > 1, words.last == lastWordToDrop { words.removeLast() }
        if words.count > 2, words[1] == "of", kinds.contains(words[0]) { words.removeFirst(2) }
        if words.count > 1, let long = firstWords[words[0]] { words[0] = long }
        var key: [UInt8] = []
        key.reserveCapacity(name.utf8.count)
        for word in words { key += (self.words[word] ?? word).utf8 }
        return key
    }

    /// Lower-case letters, digits and spaces: accents, apostrophes and full stops go, all else separates words.
    private static func folded(_ name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count)
        for scalar in name.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": bytes.append(UInt8(scalar.value))
            case "A"..."Z": bytes.append(UInt8(scalar.value) | 0x20)
            case "'", ".", "’", "ʻ", "\u{300}"..."\u{36F}": continue
            case _ where scalar.isInvisible: continue
            default: bytes.append(baseLetter(of: scalar))
            }
        }
        return bytes
    }

    /// The letter below the accent, for the accents of the country's place names; else a space.
    private static func baseLetter(of scalar: Unicode.Scalar) -> UInt8 {
        switch scalar {
        case "À"..."Å", "à"..."å", "Ā", "ā": UInt8(ascii: "a")
        case "Ç", "ç": UInt8(ascii: "c")
        case "È"..."Ë", "è"..."ë", "Ē", "ē": UInt8(ascii: "e")
        case "Ġ", "ġ": UInt8(ascii: "g")
        case "Ì"..."Ï", "ì"..."ï", "Ī", "ī": UInt8(ascii: "i")
        case "Ñ", "ñ": UInt8(ascii: "n")
        case "Ò"..."Ö", "ò"..."ö", "Ō", "ō": UInt8(ascii: "o")
        case "Ù"..."Ü", "ù"..."ü", "Ū", "ū": UInt8(ascii: "u")
        case "Ý", "ý", "ÿ": UInt8(ascii: "y")
        default: UInt8(ascii: " ")
        }
    }
}
