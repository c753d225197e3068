import Core
import Policies
import Testing

@Suite("What may be tried again")
struct RetryPolicyTests {
    static func policy(_ conditions: Set<RetrySettings.Condition>, allMethods: Bool = false) -> RetryPolicy {
        var settings = RetrySettings()
        settings.conditions = conditions
        settings.allMethods = allMethods
        return RetryPolicy(settings)
    }

    @Test(
        "is told by the kind of failure, when the plan names its condition",
        arguments: [
            (FailureKind.dns_failed, RetryReason.connect, RetrySettings.Condition.connect),
            (.connect_refused, .connect, .connect), (.connect_unreachable, .connect, .connect),
            (.connect_timeout, .connect, .connect), (.tls_timeout, .connect, .connect),
            (.tls_handshake, .connect, .connect), (.reset, .reset, .reset), (.empty_reply, .reset, .reset),
            (.truncated, .reset, .reset), (.send_failed, .reset, .reset), (.attempt_timeout, .timeout, .timeout),
        ])
    func kinds(failure: FailureKind, reason: RetryReason, condition: RetrySettings.Condition) {
        let named = Self.policy([condition])
        let others = Self.policy(Set(RetrySettings.Condition.allCases).subtracting([condition]))
        #expect(named.reason(failure: failure, status: 0, isIdempotent: true, wasSent: true) == reason)
        #expect(others.reason(failure: failure, status: 0, isIdempotent: true, wasSent: true) == nil)
    }

    @Test("is no failure that would come out the same again", arguments: FailureKind.allCases)
    func final(failure: FailureKind) {
        let retried: Set<FailureKind> = [
            .dns_failed, .connect_refused, .connect_unreachable, .connect_timeout, .tls_timeout, .tls_handshake, .reset,
            .empty_reply, .truncated, .send_failed, .attempt_timeout,
        ]
        let policy = Self.policy(Set(RetrySettings.Condition.allCases), allMethods: true)
        let reason = policy.reason(failure: failure, status: 200, isIdempotent: true, wasSent: false)
        #expect((reason != nil) == retried.contains(failure))
    }

    @Test(
        "is told by the status, when there is an answer",
        arguments: [
            (Int32(429), RetrySettings.Condition.status429, RetryReason?.some(.status_429)), (429, .status5xx, nil),
            (500, .status5xx, .status_5xx), (500, .gateway, nil), (502, .gateway, .status_5xx),
            (503, .gateway, .status_5xx), (504, .gateway, .status_5xx), (505, .gateway, nil),
            (503, .status5xx, .status_5xx), (599, .status5xx, .status_5xx), (600, .status5xx, nil),
            (501, .gateway, nil), (200, .status5xx, nil), (404, .status429, nil), (409, .status409, .status_409),
            (409, .status429, nil), (0, .status5xx, nil),
            (-1, .gateway, nil),
        ])
    func statuses(status: Int32, condition: RetrySettings.Condition, reason: RetryReason?) {
        let policy = Self.policy([condition])
        for failure in [nil, FailureKind.status_4xx, .status_5xx, .status_unexpected] {
            #expect(policy.reason(failure: failure, status: status, isIdempotent: true, wasSent: true) == reason)
        }
        // An answer that was cut in the middle failed, whatever its status said.
        #expect(policy.reason(failure: .truncated, status: status, isIdempotent: true, wasSent: true) == nil)
    }

    @Test(
        "is a POST only if it was not sent, or the plan says so",
        arguments: [
            // idempotent, sent, all methods, tried again
            (true, true, false, true), (true, false, false, true), (false, true, false, false),
            (false, false, false, true), (false, true, true, true),
        ])
    func methods(isIdempotent: Bool, wasSent: Bool, allMethods: Bool, expected: Bool) {
        let policy = Self.policy([.connect, .reset], allMethods: allMethods)
        let reason = policy.reason(failure: .reset, status: 0, isIdempotent: isIdempotent, wasSent: wasSent)
        #expect(reason == (expected ? .reset : nil))
    }

    @Test("holds for the idempotent methods of RFC 9110, in capitals")
    func idempotence() {
        let methods = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "POST", "PATCH", "CONNECT", "get", ""]
        #expect(methods.filter(RetryPolicy.isIdempotent) == ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
    }

    @Test("has a reason with a name for reports")
    func names() {
        #expect(
            RetryReason.allCases.map(\.name) == [
                "connect", "reset", "timeout", "status_5xx", "status_429", "status_409",
            ])
    }

    @Test("makes (1 − f^r) / (1 − f) attempts of a call", arguments: [0.1, 0.5, 1], [2, 3, 5])
    func amplification(share: Double, attempts: Int) {
        var settings = RetrySettings()
        settings.attempts = attempts
        let policy = RetryPolicy(settings)
        var random = SeededRandom(seed: 3)
        let calls = 40_000
        var made = 0
        for _ in 0..<calls {
            for number in 1...policy.attempts {
                made += 1
                let failure: FailureKind? = random.nextUnit() <= share ? .reset : nil
                let reason = policy.reason(failure: failure, status: 200, isIdempotent: true, wasSent: true)
                if reason == nil || number == policy.attempts { break }
            }
        }
        let expected = (0..<attempts).reduce(0.0) { sum, n in sum + (0..<n).reduce(1.0) { p, _ in p * share } }
        #expect(isNear(Double(made) / Double(calls), expected, within: 0.01))
    }
}
