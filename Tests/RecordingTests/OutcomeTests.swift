import Core
import Recording
import Testing

@Suite struct OutcomeTests {
    // MARK: Checks

    @Test func `a check keeps the first sample it is given and asks for no other`() {
        var counts = CheckCounts()
        var asked = 0
        func sample(_ text: String?) -> String? {
            asked += 1
            return text
        }
        counts.pass()
        counts.fail(sample: sample(nil))
        counts.fail(sample: sample("first"))
        counts.fail(sample: sample("second"))
        #expect(counts == CheckCounts(passed: 1, failed: 3, sample: "first"))
        #expect(asked == 2)
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("two\r\nlines\tand  spaces", "two lines and  spaces"),
        ("\u{1B}[31mred\u{0}\u{9B}", "\u{FFFD}[31mred\u{FFFD}\u{FFFD}"), ("größer 🙂", "größer 🙂"),
    ])
    func `a sample is one line without control characters`(text: String, sample: String) {
        var counts = CheckCounts()
        counts.fail(sample: text)
        #expect(counts.sample == sample)
    }

    @Test(arguments: ["x", "é", "€", "🙂", "\0"], [0, 1, 2, 3])
    func `a sample has at most 200 bytes, the end of a longer one being an ellipsis`(character: String, before: Int) {
        let text = String(repeating: "a", count: before) + String(repeating: character, count: 201)
        var counts = CheckCounts()
        counts.fail(sample: text)
        let sample = counts.sample ?? ""
        #expect(sample.utf8.count <= CheckCounts.longestSample)
        #expect(sample.utf8.count > CheckCounts.longestSample - 4)
        #expect(sample.last == "…")
    }

    @Test func `a sample of exactly 200 bytes is kept whole`() {
        let text = String(repeating: "x", count: 200)
        #expect(CheckCounts(passed: 0, failed: 1, sample: text).sample == text)
        #expect(CheckCounts(passed: 0, failed: 1, sample: text + "x").sample == text.dropLast(3) + "…")
    }

    // MARK: Counters

    @Test func `counters are summed with and without tags`() {
        var table = CounterTable(count: 2)
        table.add(counter: 0, tags: "", amount: 1)
        table.add(counter: 0, tags: "", amount: 2)
        table.add(counter: 1, tags: "kind=red", amount: 0.5)
        table.add(counter: 1, tags: "kind=blue", amount: 0.25)
        table.add(counter: 1, tags: "kind=red", amount: -2)
        #expect(table.text == ["0=3.0", "1{kind=blue}=0.25", "1{kind=red}=-1.5"])
        #expect(table.total(of: 1) == -1.25)
        table.reset()
        #expect(table.isEmpty)
        #expect(table == CounterTable(count: 2))
    }

    @Test func `a counter that does not exist and an amount that is none count nothing`() {
        var table = CounterTable(count: 1)
        for counter in [-1, 1, .max, .min] { table.add(counter: counter, tags: "", amount: 1) }
        for amount in [Double.nan, .infinity, -.infinity] { table.add(counter: 0, tags: "a=b", amount: amount) }
        #expect(table.isEmpty)
    }

    @Test(arguments: [1.0, -1])
    func `a sum stays within its bounds`(sign: Double) {
        var table = CounterTable(count: 1)
        for _ in 0..<3 { table.add(counter: 0, tags: "", amount: sign * .greatestFiniteMagnitude) }
        #expect(table.total(of: 0) == sign * CounterTable.largest)
        var sum = table
        sum.add(table)
        #expect(sum.total(of: 0) == sign * CounterTable.largest)
    }

    @Test func `the first 64 combinations of tags are told apart, and nothing is lost`() {
        var table = CounterTable(count: 2)
        for index in 0..<1_000 { table.add(counter: 0, tags: "id=\(index),size=\(index % 7)", amount: 1) }
        table.add(counter: 1, tags: "id=7", amount: 1)
        let entries = table.entries.filter { $0.counter == 0 }
        #expect(entries.count == CounterTable.mostTags + 1)
        #expect(entries.first { $0.tags == "id=other,size=other" }?.sum == 936)
        #expect(table.total(of: 0) == 1_000)
        #expect(table.entries.last?.tags == "id=7", "another counter has its own 64")
        table.add(counter: 0, tags: "id=5,size=5", amount: 1)
        #expect(table.entries.first { $0.tags == "id=5,size=5" }?.sum == 2, "one that is known is still told apart")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `no tags, whatever they are, make a table grow without bound`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let parts = ["a", "b", "=", ",", "other", "🙂", "\0", "%"]
        var table = CounterTable(count: 1)
        for _ in 0..<2_000 {
            let tags = (0..<Int(random.next() % 300)).map { _ in parts[Int(random.next() % 8)] }.joined()
            table.add(counter: 0, tags: tags, amount: 1)
        }
        #expect(table.entries.count <= CounterTable.mostTags + 10)
        #expect(table.entries.allSatisfy { $0.tags.utf8.count <= CounterTable.longestTags })
        #expect(table.total(of: 0) == 2_000)
    }

    @Test(
        arguments: [
            ([], ""), ([("kind", "red")], "kind=red"), ([("kind", "red"), ("size", "large")], "kind=red,size=large"),
            ([("a=b", "c,d%")], "a%3Db=c%2Cd%25"), ([("line", "a\nb\u{1B}")], "line=a\u{FFFD}b\u{FFFD}"),
            ([("", "")], "="),
        ] as [([(name: String, value: String)], String)])
    func `tags are written so that no two sets of them look the same`(
        tags: [(name: String, value: String)], text: String
    ) {
        #expect(CounterName.text(of: tags) == text)
    }

    @Test func `the tags of a name stand before those of a count`() {
        let table = SeriesTable(
            steps: [],
            counters: [
                CounterName(name: "orders"), CounterName(name: "orders", tags: [("kind", "red")]),
                CounterName(name: "orders", tags: [("kind", "red")]),
            ])
        var counters = CounterTable(count: 3)
        for index in 0..<3 {
            counters.add(counter: index, tags: "", amount: 1)
            counters.add(counter: index, tags: "size=large", amount: 10)
        }
        #expect(
            table.sums(of: counters) == [
                CounterKey(name: "orders"): 1, CounterKey(name: "orders", tags: "size=large"): 10,
                CounterKey(name: "orders", tags: "kind=red"): 2,
                CounterKey(name: "orders", tags: "kind=red,size=large"): 20,
            ])
    }

    // MARK: Intervals

    private static let table = SeriesTable(
        steps: [("browse", "home"), ("buy", "pay")], transactions: [("buy", "checkout"), ("browse", "visit")],
        checks: [
            CheckName(scenario: "browse", step: "home", text: "body contains ok"),
            CheckName(scenario: "buy", step: "pay", text: "json $.total is 17"),
        ], counters: [CounterName(name: "orders"), CounterName(name: "revenue", tags: [("currency", "EUR")])])

    @Test func `a transaction has a series of its own behind all others`() {
        #expect(
            Self.table.names[Self.table.transaction(1)] == .transaction(scenario: "browse", name: "visit"))
        #expect(Self.table.names[Self.table.warmUpService] == .warmUpService)
        #expect(Self.table.names[Self.table.response(of: 1)] == .stepResponse(scenario: "buy", step: "pay"))
        #expect(Set(Self.table.names).count == Self.table.names.count)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what clients counted apart adds up to what one would have counted`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let clients = (0..<4).map { _ in Interval(Self.table) }
        let one = Interval(Self.table)
        for _ in 0..<500 {
            let client = clients[Int(random.next() % 4)]
            let (kind, place, value) = (random.next() % 3, Int(random.next() % 2), random.next())
            for interval in [client, one] { Self.count(kind, place, value, in: interval) }
        }
        let merged = Interval(Self.table)
        let totals = Interval(Self.table)
        for client in clients {
            merged.add(client)
            totals.addCounts(of: client)
        }
        #expect(merged.transactions == one.transactions)
        #expect(merged.histograms.map(\.count) == one.histograms.map(\.count))
        #expect(merged.counters == one.counters)
        #expect(merged.checks.map(\.passed) == one.checks.map(\.passed))
        #expect(merged.checks.map(\.failed) == one.checks.map(\.failed))
        #expect(merged.checks.allSatisfy { ($0.sample != nil) == ($0.failed > 0) })
        #expect(totals.checks == merged.checks && totals.transactions == merged.transactions)
        #expect(totals.counters == merged.counters)
        #expect(totals.histograms.allSatisfy { $0.isEmpty })

        merged.reset()
        let fresh = Interval(Self.table)
        #expect(merged.checks == fresh.checks && merged.transactions == fresh.transactions)
        #expect(merged.counters == fresh.counters && merged.histograms.allSatisfy { $0.isEmpty })
    }

    /// Amounts are multiples of a quarter, so that no order of addition makes a difference.
    private static func count(_ kind: UInt64, _ place: Int, _ value: UInt64, in interval: Interval) {
        switch kind {
        case 0:
            interval.transactions[place].count(status: 0, failure: value % 5 == 0 ? .check_failed : nil)
            interval.histograms[table.transaction(place)].record(.microseconds(Int64(value % 1_000_000)))
        case 1 where value % 3 == 0: interval.checks[place].fail(sample: "sample \(value)")
        case 1: interval.checks[place].pass()
        default:
            let tags = value % 4 == 0 ? "" : "kind=\(value % 16)"
            interval.counters.add(counter: place, tags: tags, amount: Double(Int(value % 101)) / 4 - 5)
        }
    }
}

extension CounterTable {
    fileprivate var text: [String] {
        entries.map { $0.tags.isEmpty ? "\($0.counter)=\($0.sum)" : "\($0.counter){\($0.tags)}=\($0.sum)" }
    }
}
