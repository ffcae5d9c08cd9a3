import AdminAPI

extension ProviderEntry {
    /// - Parameters:
    ///   - partner: as the file has it.
    ///   - secrets: what signs for it now.
    init(_ partner: Partner, secrets: [SecretRotations.Current], circuit: String?, pause: CallbackPause?) {
        self.init(
            provider: partner.id, origin: partner.url.origin, timeoutMs: partner.timeout.wholeMilliseconds,
            concurrency: partner.concurrency, rate: partner.rate, allow: partner.allowances.map(\.rawValue).sorted(),
            signingSecretIds: secrets.map(\.secret.id),
            endingSecrets: secrets.compactMap { current in
                current.until.map { EndingSecret(id: current.secret.id, until: $0) }
            },
            authorization: partner.authorization != nil, headers: partner.headers.map(\.name),
            detail: partner.body.detail.rawValue, receipt: partner.receipt.description,
            proxy: partner.endpoint.proxy?.description, circuit: circuit,
            paused: pause.map { Pause(since: $0.since, by: $0.by, why: $0.why) })
    }
}

extension RecipientEntry {
    init(_ recipient: AlertRecipient, circuit: String?) {
        self.init(
            recipient: recipient.endpoint.id, origin: recipient.endpoint.url.origin,
            providers: recipient.providers?.sorted(), organizations: recipient.organizations?.sorted(),
            on: Alert.Kind.allCases.filter(recipient.kinds.contains).map(\.rawValue),
            signingSecretIds: recipient.endpoint.signingSecrets.map(\.id), circuit: circuit)
    }
}
