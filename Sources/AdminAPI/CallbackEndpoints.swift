package import struct Foundation.Date

/// The partners' entries, and those of whoever is told of trouble: no secret, and no path of a URL, which may hold one.
package enum ListProviders: AdminEndpoint {
    package static let route = AdminRoute(.get, "providers", of: .callback)

    package struct Answer: Sendable, Equatable, Codable {
        package var providers: [ProviderEntry]
        /// Absent in the answer of an older service.
        package var recipients: [RecipientEntry]?

        package init(providers: [ProviderEntry], recipients: [RecipientEntry]) {
            (self.providers, self.recipients) = (providers, recipients)
        }
    }
}

/// Nothing goes out to a partner from now on. What is under way ends; what comes waits.
package enum PauseCallbacks: AdminEndpoint {
    package static let route = AdminRoute(.post, "providers/{provider}/pause", of: .callback)
    package typealias Subject = String
    package typealias Body = PauseOrder
    package typealias Answer = ProviderEntry
}

package enum ResumeCallbacks: AdminEndpoint {
    package static let route = AdminRoute(.post, "providers/{provider}/resume", of: .callback)
    package typealias Subject = String
    package typealias Body = PauseOrder
    package typealias Answer = ProviderEntry
}

/// What is said with a pause or its end.
package struct PauseOrder: Sendable, Equatable, Codable {
    package var by: String
    package var why: String?

    package init(by: String, why: String?) { (self.by, self.why) = (by, why) }
}

/// Puts a new signing secret in the place of all that sign for a partner. 409 when as many sign already as may.
package enum RotateSecret: AdminEndpoint {
    package static let route = AdminRoute(.post, "providers/{provider}/secret", of: .callback)
    package typealias Subject = String
    package typealias Answer = RotatedSecret

    package struct Body: Sendable, Equatable, Codable {
        package var by: String
        /// How long those before it sign too; a day by default.
        package var overlapSeconds: Int?
        /// One that another process has made; by default this one makes it.
        package var secret: String?

        package init(by: String, overlap: Duration, secret: String? = nil) {
            (self.by, overlapSeconds, self.secret) = (by, Int(clamping: overlap.components.seconds), secret)
        }
    }
}

/// A secret that was just put in the place of others: the only answer that shows one.
package struct RotatedSecret: Sendable, Equatable, Codable {
    package var provider: String
    package var secret: String
    package var signingSecretIds: [String]
    package var endingSecrets: [ProviderEntry.EndingSecret]

    package init(
        provider: String, secret: String, signingSecretIds: [String], endingSecrets: [ProviderEntry.EndingSecret]
    ) {
        (self.provider, self.secret) = (provider, secret)
        (self.signingSecretIds, self.endingSecrets) = (signingSecretIds, endingSecrets)
    }
}

/// A partner's entry.
package struct ProviderEntry: Sendable, Equatable, Codable {
    package var provider: String
    package var origin: String
    package var timeoutMs: Int
    /// Absent for the service's default.
    package var concurrency: Int?
    /// Attempts per second; absent without a limit.
    package var rate: Double?
    package var allow: [String]
    /// How many there are.
    package var signingSecrets: Int
    /// By which an operator and a partner can tell, without showing them, whether they mean the same.
    package var signingSecretIds: [String]
    /// Those of them whose place another has taken; absent in the answer of an older service.
    package var endingSecrets: [EndingSecret]?
    package var authorization: Bool
    /// Names alone.
    package var headers: [String]
    package var detail: String
    package var receipt: String
    package var proxy: String?
    package var circuit: String?
    /// Absent as long as callbacks go out.
    package var paused: Pause?

    package init(
        provider: String, origin: String, timeoutMs: Int, concurrency: Int? = nil, rate: Double? = nil, allow: [String],
        signingSecretIds: [String], endingSecrets: [EndingSecret], authorization: Bool, headers: [String],
        detail: String, receipt: String, proxy: String? = nil, circuit: String? = nil, paused: Pause? = nil
    ) {
        (self.provider, self.origin, self.timeoutMs) = (provider, origin, timeoutMs)
        (self.concurrency, self.rate, self.allow) = (concurrency, rate, allow)
        (signingSecrets, self.signingSecretIds) = (signingSecretIds.count, signingSecretIds)
        (self.endingSecrets, self.authorization, self.headers) = (endingSecrets, authorization, headers)
        (self.detail, self.receipt, self.proxy) = (detail, receipt, proxy)
        (self.circuit, self.paused) = (circuit, paused)
    }

    package struct Pause: Sendable, Equatable, Codable {
        package var since: Date
        package var by: String
        package var why: String?

        package init(since: Date, by: String, why: String?) { (self.since, self.by, self.why) = (since, by, why) }
    }

    package struct EndingSecret: Sendable, Equatable, Codable {
        package var id: String
        package var until: Date

        package init(id: String, until: Date) { (self.id, self.until) = (id, until) }
    }
}

/// Who is told of trouble.
package struct RecipientEntry: Sendable, Equatable, Codable {
    package var recipient: String
    package var origin: String
    /// Whose trouble; absent for everybody's.
    package var providers: [String]?
    /// For whom those work; absent for anybody.
    package var organizations: [String]?
    package var on: [String]
    package var signingSecretIds: [String]
    package var circuit: String?

    package init(
        recipient: String, origin: String, providers: [String]?, organizations: [String]?, on: [String],
        signingSecretIds: [String], circuit: String?
    ) {
        (self.recipient, self.origin, self.providers) = (recipient, origin, providers)
        (self.organizations, self.on) = (organizations, on)
        (self.signingSecretIds, self.circuit) = (signingSecretIds, circuit)
    }
}
