import Core
import Recording

extension Kinds {
    /// Three endpoints, of which one takes too much and fails it, and every policy at work.
    static var policies: SyntheticPolicies {
        var policies = SyntheticPolicies()
        policies.addresses = ["10.0.0.11:8443", "10.0.0.12:8443", "[2001:db8::13]:8443", "10.0.0.14:8443"]
        policies.zones = ["a", "b", "a"]
        policies.rejectEvery = 40
        policies.retryEvery = 9
        policies.hedgeEvery = 25
        policies.blackHole = 1
        policies.unavailable = [7: 1, 8: 3, 9: 3, 10: 2]
        policies.events = [
            RunEvent(
                time: .milliseconds(7_120), client: 0, kind: .breaker, subject: "10.0.0.14:8443", what: "open",
                detail: "5 failures in a row, until 12.1 s"),
            RunEvent(
                time: .milliseconds(8_000), client: 0, kind: .ejection, subject: "10.0.0.12:8443", what: "ejected",
                detail: "success rate 0.31, for 30 s"),
            RunEvent(time: .milliseconds(8_004), client: nil, kind: .alert, subject: "healthy-ratio", what: "begin"),
            RunEvent(time: .milliseconds(10_400), client: nil, kind: .alert, subject: "healthy-ratio", what: "end"),
            RunEvent(
                time: .milliseconds(12_120), client: 0, kind: .breaker, subject: "10.0.0.14:8443", what: "half-open"),
            RunEvent(
                time: .milliseconds(12_180), client: 0, kind: .breaker, subject: "10.0.0.14:8443", what: "closed"),
        ]
        return policies
    }

    /// Five shards out of balance, whose set changed twice, and more events than a person reads.
    static var shards: SyntheticPolicies {
        var policies = SyntheticPolicies()
        policies.addresses = (1...5).map { "shard-\($0).internal:9000" }
        policies.blackHole = 2
        policies.shards = RunRecord.ShardRecord(
            rule: "ring of 150 nodes per shard", imbalance: 0.3,
            moved: [.init(time: 4.5, share: 0.197), .init(time: 11, share: 0.203)])
        policies.eventsLost = 12
        for turn in 0..<30 {
            let time = Span.milliseconds(Int64(1_000 + turn * 500))
            for what in ["ejected", "returned"] {
                policies.events.append(
                    RunEvent(
                        time: time, client: turn % 2, kind: .ejection, subject: policies.addresses[turn % 5], what: what
                    )
                )
            }
        }
        policies.events += [
            RunEvent(
                time: .milliseconds(4_500), client: nil, kind: .endpoints, subject: "shard-5.internal:9000",
                what: "added"),
            RunEvent(
                time: .seconds(11), client: nil, kind: .endpoints, subject: "shard-6.internal:9000", what: "removed"),
        ]
        return policies
    }

    /// Addresses and events as an attacker would write them.
    static var hostilePolicies: SyntheticPolicies {
        var policies = SyntheticPolicies()
        policies.addresses = ["=cmd|'/C calc'!A0:80", "<script>alert(1)</script>\u{1B}[31m,\":1\n"]
        policies.zones = ["@SUM(1+1)", "|<b>"]
        policies.shards = RunRecord.ShardRecord(rule: "<img src=x>|", imbalance: 0.3)
        policies.events = [
            RunEvent(
                time: .seconds(1), client: 3, kind: .breaker, subject: "+1,\"2\"\r\n<script>", what: "'open",
                detail: "=1+1|\u{1B}]0;title\u{07}\n" + String(repeating: "x", count: 900)),
            RunEvent(time: .seconds(2), client: nil, kind: .alert, subject: "", what: "-begin", detail: "\"\""),
        ]
        return policies
    }
}
