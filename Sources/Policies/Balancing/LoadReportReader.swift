/// Reads the forms of a load report, from bytes that may be anything.
struct LoadReportReader {
    /// The metrics that count.
    private enum Metric {
        case cpu, application, requests, errors

        /// Their names in ORCA's text, and in the JSON of its protocol buffer.
        init?(_ name: UnsafeBufferPointer<UInt8>.SubSequence) {
            func isNamed(_ text: StaticString) -> Bool {
                guard name.count == text.utf8CodeUnitCount else { return false }
                for index in 0..<name.count where name[name.startIndex + index] != text.utf8Start[index] {
                    return false
                }
                return true
            }
            if isNamed("cpu_utilization") || isNamed("cpuUtilization") {
                self = .cpu
            } else if isNamed("application_utilization") || isNamed("applicationUtilization") {
                self = .application
            } else if isNamed("rps_fractional") || isNamed("rpsFractional") {
                self = .requests
            } else if isNamed("eps") {
                self = .errors
            } else {
                return nil
            }
        }
    }

    /// A report is a few numbers; what is longer is none.
    private static let longest = 4_096

    private var bytes: ReportBytes
    private var cpu: Double?
    private var application: Double?
    private var requests: Double?
    private var errors: Double?

    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> LoadReport? {
        guard bytes.count <= longest else { return nil }
        var reader = LoadReportReader(bytes: ReportBytes(bytes))
        reader.bytes.skipBlanks()
        if reader.bytes.take("TEXT ") { return reader.readPairs() ? reader.report : nil }
        if reader.bytes.take("JSON ") { return reader.readObject() ? reader.report : nil }
        guard let utilisation = reader.bytes.number() else { return nil }
        return reader.isAtEnd() ? LoadReport(utilisation: utilisation) : nil
    }

    private init(bytes: ReportBytes) { self.bytes = bytes }

    private var report: LoadReport? {
        let used = application.flatMap { $0 > 0 ? $0 : nil } ?? cpu ?? application
        guard let used else { return nil }
        // A protocol buffer cannot tell 0 from absent.
        let known = requests.flatMap { $0 > 0 ? $0 : nil }
        return LoadReport(utilisation: used, requestsPerSecond: known, errorsPerSecond: errors ?? 0)
    }

    /// Keeps a number; false when its metric has one.
    private mutating func keep(_ value: Double, as metric: Metric) -> Bool {
        func set(_ place: inout Double?) -> Bool {
            defer { place = value }
            return place == nil
        }
        return switch metric {
        case .cpu: set(&cpu)
        case .application: set(&application)
        case .requests: set(&requests)
        case .errors: set(&errors)
        }
    }

    private mutating func isAtEnd() -> Bool {
        bytes.skipBlanks()
        return bytes.isAtEnd
    }

    /// `name=number, name=number`.
    private mutating func readPairs() -> Bool {
        repeat {
            bytes.skipBlanks()
            let metric = Metric(bytes.takeName())
            bytes.skipBlanks()
            guard bytes.take("=") else { return false }
            bytes.skipBlanks()
            guard let value = bytes.number() else { return false }
            if let metric, !keep(value, as: metric) { return false }
            bytes.skipBlanks()
        } while bytes.take(",")
        return bytes.isAtEnd
    }

    /// `{"name": number, …}`; other values are passed over.
    private mutating func readObject() -> Bool {
        bytes.skipBlanks()
        guard bytes.take("{") else { return false }
        bytes.skipBlanks()
        if bytes.take("}") { return isAtEnd() }
        repeat {
            bytes.skipBlanks()
            guard let name = bytes.takeString() else { return false }
            bytes.skipBlanks()
            guard bytes.take(":") else { return false }
            bytes.skipBlanks()
            if let metric = Metric(name) {
                guard let value = bytes.number(), keep(value, as: metric) else { return false }
            } else {
                guard bytes.skipValue() else { return false }
            }
            bytes.skipBlanks()
        } while bytes.take(",")
        return bytes.take("}") && isAtEnd()
    }
}
