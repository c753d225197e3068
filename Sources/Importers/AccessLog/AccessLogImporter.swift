/// Access logs of nginx and Apache: a replay of their requests at their times.
package enum AccessLogImporter {
    static let maximumRows = 5_000_000
    /// What a data file of a plan may have at most, with room to spare.
    static let maximumFileBytes = 240 << 20

    private struct Row {
        let time: Int64
        let isHead: Bool
        let target: Range<Int>
    }

    package static func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        var assembler = PlanAssembler(options)
        var rows = rows(of: bytes, &assembler)
        guard let first = rows.min(by: { $0.time < $1.time }) else {
            throw ImportError(
                .file, "no line is a GET or HEAD of an access log in common or combined format",
                remedy: "check the format: `ADDRESS - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 17`")
        }
        let isSorted = zip(rows, rows.dropFirst()).allSatisfy { $0.time <= $1.time }
        if !isSorted {
            assembler.notes.add("The lines were not in the order of their times, and were sorted")
            // The sort of the standard library is stable: lines of one second stay in the log's order.
            rows.sort { $0.time < $1.time }
        }
        assembler.notes.add(
            "Times are the log's seconds, from its first line on; the lines of one second are spread evenly over it")
        let file = "\(assembler.name).csv"
        assembler.addFile(named: file, csv(rows, from: first.time, bytes, &assembler))
        let name = assembler.addData("request", .csv(file))
        var step = ImportedStep(
            method: ImportedText(variable: "\(name).method"), path: ImportedText(variable: "\(name).path"))
        step.name = "request"
        let flow = ImportedFlow(name: "main", items: [.step(step)])
        return try assembler.plan(
            [flow], target: nil, from: "an access log", load: [.replay(file)], requests: rows.count)
    }

    private static func rows(of bytes: [UInt8], _ assembler: inout PlanAssembler) -> [Row] {
        var rows: [Row] = []
        var unread = 0
        var failed = 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let line = bytes[start..<end].trimmedBlanks
            start = end + 1
            guard !line.isEmpty, line.first != UInt8(ascii: "#") else { continue }
            guard let entry = AccessLogLine(line), let target = target(entry.target) else {
                unread += 1
                continue
            }
            let isHead = entry.method.elementsEqual("HEAD".utf8)
            guard isHead || entry.method.elementsEqual("GET".utf8) else {
                assembler.notes.add(
                    "Requests with other methods than GET and HEAD were left out, because a log has no bodies",
                    of: String(decoding: entry.method, as: UTF8.self))
                continue
            }
            guard rows.count < maximumRows else {
                assembler.notes.add("Lines after the first \(maximumRows) requests were left out")
                break
            }
            if let status = entry.status, status >= 400 { failed += 1 }
            rows.append(Row(time: entry.time, isHead: isHead, target: target))
        }
        if unread > 0 { assembler.notes.add("Lines that are no requests of an access log were left out (\(unread))") }
        if failed > 0 {
            assembler.notes.add(
                "Requests that failed in the log (status 400 or more) are kept, and may fail again (\(failed))")
        }
        return rows
    }

    /// Path and query of a request's target, in the line's bytes: what stands after the host of an absolute one.
    private static func target(_ target: ArraySlice<UInt8>) -> Range<Int>? {
        var target = target
        for scheme in ["http://", "https://"] as [StaticString] where target.starts(with: scheme) {
            target = target.dropFirst(scheme.utf8CodeUnitCount).drop { $0 != UInt8(ascii: "/") }
        }
        guard target.first == UInt8(ascii: "/"), target.count <= 16_384 else { return nil }
        return target.startIndex..<target.endIndex
    }

    // MARK: The data file

    private static func csv(
        _ rows: [Row], from first: Int64, _ bytes: [UInt8], _ assembler: inout PlanAssembler
    ) -> [UInt8] {
        var csv = Array("at,method,path\n".utf8)
        csv.reserveCapacity(rows.count * 48)
        var index = 0
        while index < rows.count {
            let time = rows[index].time
            let end = rows[index...].firstIndex { $0.time != time } ?? rows.count
            guard csv.count < maximumFileBytes else {
                assembler.notes.add("The last \(rows.count - index) requests were left out: a data file has 256 MiB")
                break
            }
            for (position, row) in rows[index..<end].enumerated() {
                append(time - first, part: position, of: end - index, to: &csv)
                csv += Array(row.isHead ? ",HEAD,".utf8 : ",GET,".utf8)
                append(bytes[row.target], to: &csv, &assembler.notes)
                csv.append(0x0A)
            }
            index = end
        }
        return csv
    }

    /// `17`, or `17.250000` for the second of four lines of that second.
    private static func append(_ seconds: Int64, part: Int, of count: Int, to csv: inout [UInt8]) {
        csv += Array(String(seconds).utf8)
        guard part > 0 else { return }
        let digits = String(part * 1_000_000 / count)
        csv += Array(("." + String(repeating: "0", count: 6 - digits.count) + digits).utf8)
    }

    private static func append(_ target: ArraySlice<UInt8>, to csv: inout [UInt8], _ notes: inout NoteBook) {
        var target = AccessLogLine.unescaped(target)
        if let mark = target.firstIndex(of: UInt8(ascii: "?")), let clean = withoutSecrets(target[(mark + 1)...]) {
            notes.remind("Values of query fields that look like secrets were replaced by `removed`")
            target = target[...mark] + clean
        }
        let isClean = target.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        let path = isClean ? target : Array(PercentCoding.visible(bytes: target).utf8)
        guard path.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else {
            csv += path
            return
        }
        csv.append(UInt8(ascii: "\""))
        for byte in path { csv += byte == UInt8(ascii: "\"") ? [byte, byte] : [byte] }
        csv.append(UInt8(ascii: "\""))
    }

    /// The query with its secrets replaced; nil when it has none.
    private static func withoutSecrets(_ query: ArraySlice<UInt8>) -> [UInt8]? {
        guard query.contains(UInt8(ascii: "=")) else { return nil }
        var found = false
        let fields = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { field in
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return Array(field) }
            let name = String(decoding: field[..<equals], as: UTF8.self)
            let value = String(decoding: field[(equals + 1)...], as: UTF8.self)
            guard SecretTable.isSecretField(PercentCoding.decode(name) ?? name, value: value) else {
                return Array(field)
            }
            found = true
            return Array(field[...equals]) + Array("removed".utf8)
        }
        return found ? Array(fields.joined(separator: [UInt8(ascii: "&")])) : nil
    }
}
