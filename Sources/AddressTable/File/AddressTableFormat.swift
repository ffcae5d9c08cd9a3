/// The file: a SQLite database, so that it need not fit into memory.
///
/// A street is written once; its houses lie beside each other, by number. To find one takes a descent for the street
/// and one for the house, and the next numbers lie to the left and the right of it.
enum AddressTableFormat {
    /// `INAD`: tells the file from other databases (bytes 68 to 71 of its header).
    static let applicationID: UInt32 = 0x494E_4144
    /// Counted up when a file of before cannot be read any more, or its streets are written in another way: a table
    /// that was made by other rules of normalising does not find what it has.
    static let version: UInt32 = 4
    /// Coordinates are whole numbers: 0.1 m.
    static let unitsPerDegree = 1_000_000.0

    /// ZIP 0 and empty state and city stand for what the source did not say. Where the gazetteer has said it,
    /// `is_guessed` is 1, and other places that it may be are rows of their own, whose `houses` is the number of the
    /// street that has them.
    static let tables = """
        CREATE TABLE street (
            id INTEGER PRIMARY KEY,
            zip INTEGER NOT NULL,
            state TEXT NOT NULL,
            city TEXT NOT NULL,
            is_guessed INTEGER NOT NULL,
            houses INTEGER,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            before TEXT NOT NULL,
            suffix TEXT NOT NULL,
            after TEXT NOT NULL
        ) STRICT;
        CREATE INDEX street_by_zip ON street (zip, key);
        CREATE INDEX street_by_city ON street (state, city, key);
        CREATE TABLE house (
            street INTEGER NOT NULL,
            series TEXT NOT NULL,
            number INTEGER NOT NULL,
            rest TEXT NOT NULL,
            latitude INTEGER NOT NULL,
            longitude INTEGER NOT NULL,
            is_doubtful INTEGER NOT NULL,
            PRIMARY KEY (street, series, number, rest)
        ) STRICT, WITHOUT ROWID;
        """
}
