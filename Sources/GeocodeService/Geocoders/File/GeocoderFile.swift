import ServiceRuntime

/// The content of `geocoders.yaml`: who is asked for a street's place, in which order, and for how long.
struct GeocoderFile: Sendable, Equatable {
    /// How long a request waits for a geocoder that is away, before it goes on with what the gazetteer has.
    var patience = Duration.seconds(15 * 60)
    /// In the order in which they are asked.
    var entries: [GeocoderEntry] = []

    /// Reads `geocoders.yaml`:
    ///
    /// ```yaml
    /// patience: 15m                        # 0s to 1d, default 15m
    /// geocoders:                           # in the order in which they are asked; default: none
    ///   - name: county-addresses           # letters, digits, hyphens; unique
    ///     kind: addresses                  # a table that `intake gazetteer import` made
    ///     file: /var/lib/intake/addresses.bin
    ///     attribution: Example County      # the credit shown with each answer, in place of its own
    ///   - name: census
    ///     kind: census
    ///     url: https://geocoding.geo.census.gov      # the default; http:// only with allow: [http]
    ///     benchmark: Public_AR_Current     # the default
    ///     vintage: Current_Current         # the default; none to ask for no county
    ///     timeout: 10s                     # of one question, 100ms to 60s; default 5s, census 10s
    ///     concurrency: 4                   # questions under way, 1 to 64; default 4, nominatim 1
    ///   - name: osm
    ///     kind: nominatim
    ///     url: https://nominatim.openstreetmap.org   # the default
    ///     contact: ops@relief.example      # for the User-Agent, mailbox or web address; nominatim must have it
    ///     rate: 1/s                        # or /m or /h; default none, nominatim 1/s, google 50/s
    ///     shared_rate: true                # for all replicas together; default false, nominatim always true
    ///     cache: {answers: 90d, no_match: 7d}        # the defaults, google 30d; 0s for not at all
    ///   - name: paid
    ///     kind: google                     # or pelias, whose url has no default and whose key is optional
    ///     key: abc                         # or
    ///     key_file: /run/secrets/google    #   the first line of a file; or
    ///     key_env: GOOGLE_KEY              #   an environment variable
    /// ```
    ///
    /// Nominatim's public server is for everyone: at most one question a second from all replicas together, never the
    /// same one twice, and somebody to write to. So are the rules for every entry of its kind, but for one with
    /// `allow: [own-server]`. Google's terms let coordinates be kept for 30 days.
    ///
    /// Keys that are not known are refused, so that a slip does not silently mean the default.
    /// - Throws: `FileProblems`: all of them, each with its path in the file and its line, none with a secret.
    static func parse(_ bytes: [UInt8], secrets: SecretSources) throws(FileProblems) -> GeocoderFile {
        var reader = GeocoderFileReader(secrets: secrets)
        return try reader.read(bytes)
    }
}
