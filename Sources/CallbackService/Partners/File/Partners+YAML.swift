import ServiceRuntime

extension Partners {
    /// Reads `callbacks.yaml`:
    ///
    /// ```yaml
    /// providers:
    ///   portal:                                             # the id that providers.yaml gives the partner
    ///     url: https://portal.example/api/requests/{providerRequestId}
    ///     authorization: "Bearer …"                         # the whole header value; or
    ///     authorization_file: /run/secrets/portal           #   the first line of a file; or
    ///     authorization_env: PORTAL_AUTHORIZATION           #   an environment variable; or none of them
    ///     headers: {X-Portal-Key: abc}                      # sent with every callback
    ///     signing_secrets: ["whsec_…"]                      # Standard Webhooks; or signing_secrets_file, one a line;
    ///                                                       #   or signing_secrets_env, separated by commas
    ///     timeout: 15s                                      # 100ms to 60s, default 15s
    ///     receipt:                                          # default: any status from 200 to 299
    ///       status: [200, 202]                              # or 2xx
    ///       body:                                           # all must hold
    ///         - {pointer: /error, is: absent}               # RFC 6901; absent (or null), or present, or
    ///         - {pointer: /ok, equals: true}                #   a value
    ///         - {text: "^OK"}                               # regular expressions
    ///         - {not_text: "(?i)error"}
    ///     body:
    ///       detail: full                                    # basic (default): acceptance and status alone
    ///       names: {acceptance: isAccepted}                 # the partner's names of the fields
    ///     statuses: {completed: installed}                  # the partner's words for them
    ///     concurrency: 32                                   # 1 to 4096, default callback.concurrency
    ///     rate: 50/s                                        # or /m or /h; attempts, default without a limit
    ///     allow: [http, private-networks]                   # default: https and public addresses only
    ///     ca_file: /etc/intake/portal-ca.pem                # instead of the system's certificate authorities
    ///     proxy: http://proxy.internal:3128                 # by CONNECT; resolves the partner's name
    /// notify:                                               # optional: who is told of trouble
    ///   on-call:                                            # a name of yours, no provider's
    ///     url: https://pager.example/hooks/intake           # one for all; authorization, headers, signing_secrets,
    ///                                                       #   timeout, rate, allow, ca_file, proxy as above
    ///     providers: [portal]                               # whose trouble; default: everybody's
    ///     organizations: [relief]                           # for whom they work; default: for anybody. Both must fit
    ///     on: [degraded, recovered, dead, review]           # default: all of these
    /// ```
    ///
    /// Keys that are not known are refused, so that a slip does not silently mean the default. Files that it names are
    /// read when it is read.
    /// - Throws: `FileProblems`: all of them, each with its path in the file and its line, none with a secret.
    static func parse(_ bytes: [UInt8], secrets: SecretSources) throws(FileProblems) -> Partners {
        var reader = PartnersReader(secrets: secrets)
        return try reader.read(bytes)
    }
}
