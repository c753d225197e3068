import Core

/// Resources that never were: a database that is overloaded for a third of the time, a cache too small, a queue with dead
/// letters.
enum ResourceSamples {
    static func all(seconds: Int) -> [ResourceRecord] {
        func isOverloaded(_ second: Int) -> Bool { (seconds / 3..<2 * seconds / 3).contains(second) }
        return [
            record(
                "catalogue", "database",
                [
                    (.init("queries"), { _ in 200 }), (.init("stale"), { $0 == 3 ? 2 : 0 }),
                    (.init("p99", .seconds, .most), { isOverloaded($0) ? 4.5 : 0.02 }),
                    (.init("busy", .share, .mean), { isOverloaded($0) ? 1 : 0.4 }),
                    (.init("waiting", .count, .mean), { isOverloaded($0) ? 812.5 : 0 }),
                ], seconds),
            record(
                "pages", "cache",
                [
                    (.init("reads"), { _ in 100 }), (.init("hits"), { $0 == 0 ? 10 : 60 }),
                    (.init("hit_share", .share, .ratio(of: "hits", to: "reads")), { $0 == 0 ? 0.1 : 0.6 }),
                    (.init("evicted"), { _ in 30 }), (.init("filled", .share, .last), { _ in 1 }),
                    (.init("lost"), { $0 == 9 ? 5 : 0 }),
                ], seconds),
            record(
                "mail, 'bulk'", "queue",
                [
                    (.init("sent"), { _ in 10 }), (.init("dead"), { $0 == 7 ? 1 : 0 }), (.init("retries"), { _ in 0 }),
                ], seconds),
            record("=idle", "service", [(.init("calls"), { _ in 0 })], seconds),
        ]
    }

    private static func record(
        _ name: String, _ kind: String, _ columns: [(ResourceColumn, (Int) -> Double)], _ seconds: Int
    ) -> ResourceRecord {
        let rows = (0..<seconds).map { second in columns.map { $0.1(second) } }
        var record = ResourceRecord(
            name: name, kind: kind, columns: columns.map(\.0), seconds: rows, totals: [])
        record.totals = record.merged(0..<seconds).map { $0.isNaN ? 0 : $0 }
        return record
    }
}
