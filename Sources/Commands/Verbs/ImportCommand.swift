import ArgumentParser
import Core
import Glibc
import Importers
import Plans
import Recording

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a plan of a recording, an API's description, or a log.",
        discussion: """
            Examples:
              gale import shop.har --out shop.yaml
              gale import openapi.yaml --rate 50/s --for 5m --out api.yaml
              gale import access.log --target https://staging.example --out replay.yaml

            Without --out the plan goes to stdout, unless files belong beside it. Secrets are not copied: the plan names
            variables of the environment instead. What was left out stands at the plan's head.
            """)

    @Argument(help: "A file, or - for standard input.")
    var file: String

    @Option(help: "What the file is: har, openapi, postman, curl, log or vegeta (default: seen from its content).")
    var from: ImportKind?

    @Option(help: "Write the plan here, and data files beside it.")
    var out: String?

    @Option(help: "How many arrivals per second, as 10/s.")
    var rate = "10/s"

    @Option(name: .customLong("for"), help: "How long, as 1m.")
    var duration = "1m"

    @Option(help: "The target, instead of the one that the file names.")
    var target: String?

    @Flag(help: "Replace files that exist.")
    var force = false

    func run() async throws {
        try await finish { () async throws(Failure) in
            try checkOptions()
            let bytes = try read()
            guard let kind = from ?? ImportKind.detect(bytes, name: file) else {
                let kinds = ImportKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw usage("\(file): its format is not recognised: say it with --from (\(kinds))")
            }
            let options = ImportOptions(name: name, rate: rate, duration: duration, target: target)
            let plan: ImportedPlan
            do throws(ImportError) {
                plan = try kind.read(bytes, options: options)
            } catch {
                throw usage("\(file): \(error)")
            }
            try write(plan)
            return ExitStatus.met
        }
    }

    /// Longest file: a log of a busy day.
    private static let maximumBytes = 1 << 30

    private func usage(_ message: String) -> Failure { Failure(status: ExitStatus.usage, message: message) }

    /// The options go into the plan as they are, so they are read as a plan would read them.
    private func checkOptions() throws(Failure) {
        do throws(OptionProblem) {
            _ = try Overrides(target: target, rate: rate, duration: duration, users: nil)
        } catch {
            throw usage("\(error)")
        }
    }

    /// The plan's name: that of the file to write, else of the file that was read.
    private var name: String {
        let path = out ?? (file == "-" ? "imported" : file)
        let last = path.split(separator: "/").last.map(String.init) ?? "imported"
        return last.lastIndex(of: ".").flatMap { $0 == last.startIndex ? nil : String(last[..<$0]) } ?? last
    }

    private func read() throws(Failure) -> [UInt8] {
        let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw usage("\(file): it cannot be opened (\(String(cString: strerror(errno)))): check the path")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw usage("\(file): it cannot be read (\(String(cString: strerror(errno)))): check the path")
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= Self.maximumBytes else {
                throw usage("\(file): it has more than 1 GiB: split it")
            }
        }
    }

    private func write(_ plan: ImportedPlan) throws(Failure) {
        guard let out else {
            guard plan.files.isEmpty else {
                throw usage("--out: files belong beside this plan (`\(plan.files[0].name)`): say where the plan goes")
            }
            Terminal.print(PlanWriter.text(plan))
            return
        }
        let folder = out.lastIndex(of: "/").map { String(out[...$0]) } ?? ""
        let paths = plan.files.map { folder + $0.name }
        if !force, let existing = ([out] + paths).first(where: { access($0, F_OK) == 0 }) {
            throw usage("\(existing): it exists: give another --out, or --force to replace it")
        }
        do throws(FileFailure) {
            for (path, file) in zip(paths, plan.files) { try AtomicFile.write(file.bytes, to: path) }
            try AtomicFile.write(PlanWriter.text(plan), to: out)
        } catch {
            throw Failure(status: ExitStatus.internalFault, message: "\(error)")
        }
        for note in plan.notes { Terminal.note(note) }
        for path in paths + [out] { Terminal.note("wrote \(path)") }
    }
}

extension ImportKind: ExpressibleByArgument {}
