package import Core

/// Which attempts may be tried again, and after how long.
package struct RetryPolicy: Sendable {
    /// Attempts of one call at most, the first among them; at least 1.
    package let attempts: Int

    private let settings: RetrySettings
    /// A bit per condition that the plan names: the set would be hashed into for each failure.
    private let conditions: UInt8
    /// In nanoseconds.
    private let base: Double
    private let cap: Double

    package init(_ settings: RetrySettings) {
        self.settings = settings
        attempts = max(settings.attempts, 1)
        conditions = settings.conditions.reduce(0) { $0 | Self.bit($1) }
        base = Double(max(settings.backoff.base.nanoseconds, 0))
        cap = Double(max(settings.backoff.cap.nanoseconds, 0))
    }

    /// True for the methods of which a server does the same, once or twice (RFC 9110, 9.2.2).
    package static func isIdempotent(_ method: String) -> Bool {
        switch method {
        case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE": true
        default: false
        }
    }

    /// Why an attempt that ended so may be tried again; nil when it may not.
    ///
    /// Certificates, answers that make no sense, and what the plan refused or could not say would come out the same again;
    /// after the call's own time-out there is no time left.
    /// - Parameters:
    ///   - failure: what became of the attempt; nil or a kind of status when there is an answer.
    ///   - status: of the answer; 0 when there is none.
    ///   - isIdempotent: of the request's method.
    ///   - wasSent: whether a byte of the request may have reached a server. If none did, any method may be tried again.
    package func reason(failure: FailureKind?, status: Int32, isIdempotent: Bool, wasSent: Bool) -> RetryReason? {
        guard isIdempotent || settings.allMethods || !wasSent else { return nil }
        switch failure {
        case .dns_failed, .connect_refused, .connect_unreachable, .connect_timeout, .tls_timeout, .tls_handshake:
            return has(.connect) ? .connect : nil
        case .reset, .empty_reply, .truncated, .send_failed:
            return has(.reset) ? .reset : nil
        case .attempt_timeout:
            return has(.timeout) ? .timeout : nil
        case nil, .status_4xx, .status_5xx, .status_unexpected:
            return reason(ofStatus: status)
        default:
            return nil
        }
    }

    /// How long to wait before a retry.
    /// - Parameters:
    ///   - retry: its number, from 1.
    ///   - previous: what was waited before the retry before it; zero before the first.
    ///   - retryAfter: what a 429 or 503 asked for; nil when it did not.
    /// - Returns: at least zero. The call's deadline bounds it, which is the caller's matter.
    package func delay(
        beforeRetry retry: Int, previous: Span, retryAfter: Span?, using random: inout SeededRandom
    ) -> Span {
        let backoff = Self.span(jittered(window(retry), previous: previous, using: &random))
        guard settings.retryAfter, let retryAfter else { return backoff }
        return max(backoff, retryAfter)
    }

    private func reason(ofStatus status: Int32) -> RetryReason? {
        switch status {
        case 429: has(.status429) ? .status_429 : nil
        case 409: has(.status409) ? .status_409 : nil
        case 502...504: has(.gateway) || has(.status5xx) ? .status_5xx : nil
        case 500...599: has(.status5xx) ? .status_5xx : nil
        default: nil
        }
    }

    /// min(cap, base × factor^(n − 1)), in nanoseconds.
    private func window(_ retry: Int) -> Double {
        var window = base
        // 2^64 is beyond every span; a factor of 1 or less never gets to the cap.
        for _ in 1..<max(min(retry, 65), 1) where window < cap { window *= settings.backoff.factor }
        return min(window, cap)
    }

    private func jittered(_ window: Double, previous: Span, using random: inout SeededRandom) -> Double {
        switch settings.backoff.jitter {
        case .none: return window
        case .full: return window * random.nextUnit()
        case .equal: return window / 2 + window / 2 * random.nextUnit()
        case .decorrelated:
            // The series begins with the base, as in Brooker's simulator: the first pause is random, too.
            let highest = 3 * max(Double(previous.nanoseconds), base)
            return min(cap, base + (highest - base) * random.nextUnit())
        case .added: return window + 100e6 * random.nextUnit()
        case .proportional: return window * (0.8 + 0.4 * random.nextUnit())
        }
    }

    private static func span(_ nanoseconds: Double) -> Span {
        guard nanoseconds > 0 else { return .zero }
        return Span(nanoseconds: nanoseconds < 0x1p63 ? Int64(nanoseconds) : .max)
    }

    private func has(_ condition: RetrySettings.Condition) -> Bool { conditions & Self.bit(condition) != 0 }

    private static func bit(_ condition: RetrySettings.Condition) -> UInt8 {
        switch condition {
        case .connect: 1
        case .reset: 2
        case .timeout: 4
        case .status5xx: 8
        case .gateway: 16
        case .status429: 32
        case .status409: 64
        }
    }
}
