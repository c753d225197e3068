import Foundation
import Synchronization

/// The built command, run as a person would, in a folder of its own.
struct GaleProcess {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The folder with the plans that come with Gale.
    static let plans = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Plans").path

    /// `gale` stands beside the test bundle.
    static let executable: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("gale").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        return ".build/debug/gale"
    }()

    private let process = Process()
    private let ending: ProcessEnding
    private let output = Pipe()
    private let errors = Pipe()
    private let collected = Collected()

    private final class Collected: Sendable {
        let output = Mutex(Data())
        let errors = Mutex(Data())
    }

    /// - Parameter shell: words to put before the command, such as `ulimit -n 40;`.
    init(_ arguments: [String], in folder: String, shell: String? = nil, environment: [String: String] = [:]) throws {
        ending = ProcessEnding(of: process)
        if let shell {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "\(shell) exec \"$0\" \"$@\"", Self.executable] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: Self.executable)
            process.arguments = arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        let collected = collected
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            collected.output.withLock { $0.append(data) }
        }
        errors.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            collected.errors.withLock { $0.append(data) }
        }
        try process.run()
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func wait() async -> Outcome {
        await ending.wait()
        output.fileHandleForReading.readabilityHandler = nil
        errors.fileHandleForReading.readabilityHandler = nil
        let restOut = (try? output.fileHandleForReading.readToEnd()) ?? nil
        let restErr = (try? errors.fileHandleForReading.readToEnd()) ?? nil
        let out = collected.output.withLock { $0 } + (restOut ?? Data())
        let err = collected.errors.withLock { $0 } + (restErr ?? Data())
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Outcome(
            status: status, output: String(decoding: out, as: UTF8.self), errors: String(decoding: err, as: UTF8.self))
    }

    static func run(
        _ arguments: [String], in folder: String, shell: String? = nil, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await GaleProcess(arguments, in: folder, shell: shell, environment: environment).wait()
    }
}

/// A folder for the length of a test.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("gale-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// What a bundle's record says.
struct Record: Decodable {
    struct Outcome: Decodable {
        var ledger: [String: Int]
        var warmUp: [String: Int]
        var labRequests: Int?
    }

    struct Step: Decodable {
        var failures: [String: Int]?
        var statuses: [String: Int]?
    }

    struct Endpoint: Decodable {
        var address: String
        var counts: [String: Int]?
    }

    var state: String
    var steps: [Step]
    var endpoints: [Endpoint]?
    var policies: [String: Int]?
    var outcome: Outcome?

    static func read(_ bundle: String) throws -> Record {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Record.self, from: Data(contentsOf: URL(fileURLWithPath: bundle + "/run.json")))
    }

    /// What the servers must have counted, warm-up and health checks included.
    var onTheWire: Int {
        guard let outcome else { return 0 }
        let sent = ["reached", "resends", "redirects"].map { (outcome.ledger[$0] ?? 0) + (outcome.warmUp[$0] ?? 0) }
        return sent.reduce(0, +) + (endpoints ?? []).reduce(0) { $0 + ($1.counts?["checks"] ?? 0) }
    }

    var failures: [String: Int] {
        steps.reduce(into: [:]) { $0.merge($1.failures ?? [:], uniquingKeysWith: +) }
    }

    /// The sums of the ledgers that do not add up.
    var contradictions: [String] {
        guard let outcome else { return ["there is no outcome"] }
        return [("run", outcome.ledger), ("warm-up", outcome.warmUp)].flatMap { name, ledger in
            func sum(_ names: String...) -> Int { names.reduce(0) { $0 + (ledger[$1] ?? 0) } }
            return [
                ("scheduled", sum("scheduled"), sum("started", "dropped_in_flight", "dropped_late")),
                ("started", sum("started"), sum("completed", "stopped")),
                ("made", sum("made"), sum("succeeded", "failed", "cancelled", "rejected")),
            ].compactMap { $1 == $2 ? nil : "\(name): \($0) \($1) and not \($2)" }
        }
    }
}
