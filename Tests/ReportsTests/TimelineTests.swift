import Core
import Recording
import Testing

@Suite("The timeline is read as it was written")
struct TimelineTests {
    @Test(arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let row = Self.randomRow(&random)
        let reader = try TimelineReader(header: ArraySlice(TimelineRow.header.utf8))
        #expect(try reader.row(ArraySlice(row.line.utf8)) == row)
    }

    @Test func aRowReadsAsItsColumnsSay() {
        var row = TimelineRow(time: 12, length: 0.4, kind: .warmUp, phase: 1)
        row.ledger.scheduled = 80
        row.inFlight = 7
        row.connections = 8
        row.responseP50 = .microseconds(1_500)
        row.busiestLoop = 0.25
        row.statuses = [503: 1, 200: 79]
        row.failures = [.status_5xx: 1, .reset: 2]
        row.checks = [3: CheckCounts(passed: 2, failed: 0), 0: CheckCounts(passed: 5, failed: 1)]
        row.counters = [
            CounterKey(name: "revenue"): 340.5, CounterKey(name: "orders", tags: "kind=red"): 5,
            CounterKey(name: "orders"): 12,
        ]
        row.policies.rejections[Int(Rejection.breaker_open.rawValue)] = 4
        row.policies.retries[2] = 2
        row.policies.rescued = 1
        row.retryBudgetLeft = 0.125
        (row.endpointsAvailable, row.endpoints) = (3, 5)
        #expect(
            row.line
                == "12.000,0.400,warm-up,1,80" + String(repeating: ",0", count: Ledger.fields.count - 1)
                + ",7,8,1.500,,,0.250,200=79;503=1,reset=2;status_5xx=1,0=5:1;3=2:0,"
                + "orders=12;orders{kind=red}=5;revenue=340.5,rejected_breaker_open=4;retry_timeout=2;rescued=1,0.125,3,5"
        )
        #expect(row.line.split(separator: ",", omittingEmptySubsequences: false).count == TimelineRow.columns.count)
    }

    @Test func columnsOfALaterVersionArePassedOver() throws {
        let columns = ["later"] + TimelineRow.columns.reversed()
        let reader = try TimelineReader(header: ArraySlice(columns.joined(separator: ",").utf8))
        var row = TimelineRow(time: 3, length: 1, phase: 2)
        row.ledger.made = 5
        let cells = row.line.split(separator: ",", omittingEmptySubsequences: false).reversed()
        let line = "anything," + cells.joined(separator: ",")
        #expect(try reader.row(ArraySlice(line.utf8)) == row)
    }

    @Test func aFileOfAnEarlierVersionIsReadWithoutItsLaterColumns() throws {
        let columns = TimelineRow.columns.filter { !TimelineRow.laterColumns.contains($0) }
        let reader = try TimelineReader(header: ArraySlice(columns.joined(separator: ",").utf8))
        var row = TimelineRow(time: 3, length: 1, phase: 2)
        row.failures = [.reset: 2]
        let cells = zip(TimelineRow.columns, row.line.split(separator: ",", omittingEmptySubsequences: false))
            .filter { !TimelineRow.laterColumns.contains($0.0) }.map(\.1)
        #expect(try reader.row(ArraySlice(cells.joined(separator: ",").utf8)) == row)
    }

    @Test(
        "A missing column is named",
        arguments: TimelineRow.columns.filter { !TimelineRow.laterColumns.contains($0) })
    func missingColumn(name: String) {
        let header = TimelineRow.columns.filter { $0 != name }.joined(separator: ",")
        #expect(throws: TimelineError.missingColumn(name)) { try TimelineReader(header: ArraySlice(header.utf8)) }
    }

    @Test(
        "A bad cell is named with the rule it breaks",
        arguments: [
            ("time", "-1", "a number from 0 to 1e9"), ("time", "nan", "a number from 0 to 1e9"),
            ("length", "1e300", "a number from 0 to 1e9"), ("kind", "rehearsal", "run or warm-up"),
            ("phase", "-1", "a whole number from 0 to 1e12"), ("made", "", "a whole number from 0 to 1e12"),
            ("made", "12x", "a whole number from 0 to 1e12"),
            ("made", "99999999999999999999999", "a whole number from 0 to 1e12"),
            ("p50_ms", "fast", "milliseconds, or nothing"), ("statuses", "200", "name=count"),
            ("statuses", "1000=1", "a status from 1 to 999"), ("failures", "bad_luck=1", "a kind of failure"),
            ("checks", "0=5", "index=passed:failed"), ("checks", "5:1", "index=passed:failed"),
            ("checks", "0=5:-1", "a whole number from 0 to 1e12"), ("checks", "a=5:1", "a whole number from 0 to 1e12"),
            ("counters", "orders", "name=sum"), ("counters", "=5", "name=sum"), ("counters", "orders=", "name=sum"),
            ("counters", "orders=inf", "name=sum"), ("counters", "orders=1e301", "name=sum"),
            ("counters", "orders{kind=red=5", "name=sum"), ("counters", "orders}a{=5", "name=sum"),
            ("counters", "orders{a}b=5", "name=sum"), ("counters", "%4=5", "followed by two digits"),
            ("counters", "%zz=5", "followed by two digits"), ("policies", "rescued", "name=count"),
            ("policies", "luck=1", "a count of policies"), ("policies", "rescued=1;rescued=2", "each once"),
            ("policies", "rescued=-1", "a whole number from 0 to 1e12"),
            ("retry_budget_left", "-0.5", "a number from 0 to 1e9"),
            ("endpoints", "-1", "a whole number from 0 to 1e12"),
        ])
    func badCell(column: String, text: String, rule: String) throws {
        var cells = TimelineRow(time: 0, length: 1, phase: 0).line
            .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let index = try #require(TimelineRow.columns.firstIndex(of: column))
        cells[index] = text
        let reader = try TimelineReader(header: ArraySlice(TimelineRow.header.utf8))
        let line = cells.joined(separator: ",")
        let error = #expect(throws: TimelineError.self) { try reader.row(ArraySlice(line.utf8)) }
        #expect(error?.description.contains("is not \(rule)") == true || error?.description.contains(rule) == true)
    }

    @Test("Damage is an error, never a trap", arguments: 0..<200 as Range<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var bytes = Array(Self.randomRow(&random).line.utf8)
        for _ in 0..<4 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
        let reader = try TimelineReader(header: ArraySlice(TimelineRow.header.utf8))
        // A changed digit is still a row; everything else is told apart.
        let row = try? reader.row(bytes[...])
        #expect(row == nil || TimelineRow.Kind.allCases.contains(row!.kind))
    }

    static func randomRow(_ random: inout SeededRandom) -> TimelineRow {
        func below(_ limit: UInt64) -> Int { Int(random.next() % limit) }
        func milliseconds() -> Span? { below(4) == 0 ? nil : .microseconds(Int64(below(10_000_000))) }
        var row = TimelineRow(
            time: Double(below(1_000_000)) / 1_000, length: Double(below(999) + 1) / 1_000,
            kind: below(2) == 0 ? .run : .warmUp, phase: below(9))
        for field in Ledger.fields { row.ledger[keyPath: field.path] = below(1_000_000_000) }
        row.inFlight = below(10_000)
        row.connections = below(10_000)
        row.responseP50 = milliseconds()
        row.responseP99 = milliseconds()
        row.sendLagP99 = milliseconds()
        row.busiestLoop = below(3) == 0 ? nil : Double(below(1_001)) / 1_000
        for _ in 0..<below(4) { row.checks[below(20)] = CheckCounts(passed: below(1_000), failed: below(1_000)) }
        let parts = ["kind", "=", "red", ",", ";", "{", "}", "%", "\"", "\n", "\r", "é", "🙂", "@", "+", "-", " ", "2C"]
        for _ in 0..<below(4) {
            let name = (0..<(1 + below(5))).map { _ in parts[below(UInt64(parts.count))] }.joined()
            let tags = (0..<below(7)).map { _ in parts[below(UInt64(parts.count))] }.joined()
            row.counters[CounterKey(name: name, tags: tags)] = Double(below(1_000_000)) / 64 - 5_000
        }
        for name in PolicyCounts.names where below(4) == 0 { _ = row.policies.add(below(1_000_000), named: name) }
        row.retryBudgetLeft = below(2) == 0 ? nil : Double(below(1_001)) / 1_000
        row.endpoints = below(2) == 0 ? nil : below(4_097)
        row.endpointsAvailable = row.endpoints.map { $0 / 2 }
        for _ in 0..<below(4) { row.statuses[100 + below(500)] = 1 + below(1_000) }
        for _ in 0..<below(4) {
            row.failures[FailureKind.allCases[below(UInt64(FailureKind.allCases.count))]] = 1 + below(1_000)
        }
        return row
    }
}
