package import Core

/// Something that happened once in a run and is worth a line: a breaker opened, an endpoint was ejected, the set changed.
package struct RunEvent: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A breaker's transition: `open`, `half-open`, `closed`.
        case breaker
        /// Outlier detection: `ejected`, `returned`.
        case ejection
        /// Active checks: `unhealthy`, `healthy`.
        case health
        /// The set of endpoints: `added`, `removed`, `changed`, `kept` (the source failed, or knew nobody), and
        /// of shards `moved`.
        case endpoints
        /// `begin` and `end` of picking from all, because too few were available.
        case panic
        /// `begin` and `end` of a condition that the guide wants to be told: `healthy-ratio`, `imbalance`.
        case alert
    }

    /// Since the start of the run; not negative.
    package var time: Span
    /// Which client saw it; nil for the run as a whole.
    package var client: Int?
    package var kind: Kind
    /// An endpoint's address, a step, or what an alert is about.
    package var subject: String
    /// One word of those above.
    package var what: String
    /// Anything more, for people: `5 failures in a row, until 62.3 s`; empty for nothing.
    package var detail: String

    package init(time: Span, client: Int?, kind: Kind, subject: String, what: String, detail: String = "") {
        self.time = time
        self.client = client
        self.kind = kind
        self.subject = subject
        self.what = what
        self.detail = detail
    }
}
