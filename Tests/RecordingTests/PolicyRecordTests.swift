import Core
import Recording
import Testing

@Suite struct PolicyRecordTests {
    @Test func `every count of the policies has a name of its own, and is found by it`() {
        #expect(Set(PolicyCounts.names).count == PolicyCounts.names.count)
        var all = PolicyCounts()
        for (index, name) in PolicyCounts.names.enumerated() {
            let isKnown = all.add(index + 1, named: name)
            #expect(isKnown)
            #expect(all[name] == index + 1)
        }
        #expect(all.named.map(\.name) == PolicyCounts.names)
        #expect(all.rejected == (1...Rejection.allCases.count).reduce(0, +))
        #expect(PolicyCounts(named: Dictionary(uniqueKeysWithValues: all.named.map { ($0.name, $0.count) })) == all)
        let isKnown = all.add(1, named: "luck")
        #expect(!isKnown)
        #expect(all["luck"] == 0)
        #expect(PolicyCounts().isEmpty && !all.isEmpty)
    }

    @Test func `the reasons of retries and the layers that reject are named after what they are`() {
        #expect(PolicyCounts.names.prefix(2) == ["rejected_throttle", "rejected_bulkhead_full"])
        #expect(PolicyCounts.names.contains("retry_status_429"))
    }

    @Test func `events that were lost are added up over clients and seconds`() {
        let table = SeriesTable(steps: [])
        let total = Interval(table)
        for _ in 0..<2 {
            let (one, other) = (Interval(table), Interval(table))
            for client in [one, other] {
                for _ in 0..<(Interval.mostEvents + 3) {
                    client.note(RunEvent(time: .zero, client: nil, kind: .alert, subject: "imbalance", what: "begin"))
                }
            }
            one.add(other)
            #expect(one.eventsLost == 6)
            #expect(one.events.count == 2 * Interval.mostEvents)
            total.addCounts(of: one)
        }
        #expect(total.eventsLost == 12)
    }

    @Test func `a record says what policies did and what came of each endpoint`() throws {
        let table = SeriesTable(steps: [("browse", "home")])
        let totals = Interval(table)
        totals.makeRoom(for: 1)
        totals.endpoints[1].attempts = 7
        totals.endpoints[1].breakerOpenings = 2
        totals.policies.rescued = 4
        totals.steps[0].reject()
        totals.steps[0].reject()
        totals.steps[0].fallBack()
        var record = Self.record
        record.endpoints = [
            .init(place: 1, address: "10.0.0.2:80", weight: 5, zone: "b"), .init(place: 2, address: "10.0.0.3:80"),
        ]
        record.shards = .init(rule: "modulo", imbalance: 0.3, moved: [.init(time: 4, share: 0.25)])
        record.steps[0].set(totals.steps[0])
        record.setPolicies(totals, planHasPolicies: true)
        let read = try RunRecord(decoding: try record.encoded())
        #expect(read.policies == ["rescued": 4])
        #expect(read.endpoints.map(\.zone) == ["b", nil])
        #expect(read.endpoints[0].counts?["attempts"] == 7)
        #expect(read.endpoints[0].counts?["breaker_openings"] == 2)
        #expect(read.endpoints[0].counts?.count == EndpointCounts.fields.count)
        #expect(read.endpoints[1].counts?["attempts"] == 0, "a place that was never used")
        #expect(read.shards?.moved == [.init(time: 4, share: 0.25)])
        #expect(read.steps[0].rejected == 2 && read.steps[0].fallbacks == 1)
        #expect(read.eventsLost == nil)
    }

    @Test func `a plan without policies has none in its record, unless something was counted`() {
        var record = Self.record
        let totals = Interval(SeriesTable(steps: []))
        record.setPolicies(totals, planHasPolicies: false)
        #expect(record.policies == nil)
        record.setPolicies(totals, planHasPolicies: true)
        #expect(record.policies == [:])
        totals.policies.rejections[0] = 1
        record.policies = nil
        record.setPolicies(totals, planHasPolicies: false)
        #expect(record.policies == ["rejected_throttle": 1])
    }

    @Test func `counts of an endpoint are added up and taken back by name`() {
        var one = EndpointCounts()
        for (index, field) in EndpointCounts.fields.enumerated() { one[keyPath: field.path] = index + 1 }
        var sum = one
        sum.addCounts(of: one)
        #expect(EndpointCounts.fields.map { sum[keyPath: $0.path] } == (1...12).map { 2 * $0 })
        sum.reset()
        #expect(sum.isEmpty)
    }

    private static let record = RunRecord(
        gale: "0.1.0", state: .finished, name: "checkout", target: "http://192.0.2.1", seed: 1,
        started: "2026-03-01T12:00:00.000Z", startedEpoch: 1_772_366_400,
        plan: .init(file: nil, hash: "0", text: "", overrides: []),
        environment: EnvironmentRecord(
            kernel: "", cpu: "", cores: 1, memoryBytes: 1, libcurl: "", tls: "", build: "release", insecure: false),
        phases: [], steps: [.init(scenario: "browse", step: "home")], budgets: [])
}
