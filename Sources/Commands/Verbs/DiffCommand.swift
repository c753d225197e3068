import Analysis
import ArgumentParser
import Core
import Plans
import Recording
import Reports

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What changed between two runs, or two sets of runs, and how sure that is.",
        discussion: """
            Examples:
              gale diff Reports/shop/old Reports/shop/new
              gale diff old-1 old-2 old-3 old-4 old-5 vs new-1 new-2 new-3 new-4 new-5
              gale diff old-runs/ new-runs/ --gate --out build/diff

            A folder that holds bundles is a set. One run each cannot tell two builds apart, whatever their figures: machines and
            minutes differ, too. Five or more pairs that took turns can; `gale compare` makes them.
            Exit status: 0 · with --gate 99 when B is shown to be worse, and 75 when the two cannot be compared · 64 a bundle cannot
            be read · 70 our own fault.
            """)

    @Argument(help: "A and B: a bundle or a folder of bundles each; or several bundles, `vs`, and several bundles.")
    var bundles: [String]

    @Option(help: "What counts as the same.")
    var delta = "5%"

    @Flag(help: "Fail when B is shown to be worse than A.")
    var gate = false

    @Option(help: "Write diff.md, diff.csv, diff.json and the charts into this folder.")
    var out: String?

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Option(help: "Print the diff as `text` or as `json`, on stdout.")
    var summary: SummaryFormat = .text

    func run() async throws {
        try await finish { () async throws(Failure) in
            let delta = try DeltaOption.share(delta)
            let (a, b) = try Self.sides(of: bundles)
            let first = try Self.read(a)
            let second = try Self.read(b)
            let diff = BundleDiff(
                first, second, names: (Self.name(of: a, or: "A"), Self.name(of: b, or: "B")), delta: delta,
                gale: Version.number, command: words)
            if let out { try write(diff, to: out) }
            try show(diff)
            return diff.exitStatus(gate: gate)
        }
    }

    /// The two sides of `vs`, or the two words that there are.
    private static func sides(of words: [String]) throws(Failure) -> (a: [String], b: [String]) {
        let places = words.indices.filter { words[$0] == "vs" }
        if places.count == 1, let place = places.first, place > 0, place < words.count - 1 {
            return (Array(words[..<place]), Array(words[(place + 1)...]))
        }
        guard places.isEmpty, words.count == 2 else {
            throw Failure(
                status: ExitStatus.usage,
                message:
                    "a diff has two sides: name two bundles, or several, `vs`, and several: gale diff old-1 old-2 vs new-1 "
                    + "new-2")
        }
        return ([words[0]], [words[1]])
    }

    private static func read(_ paths: [String]) throws(Failure) -> [DiffRun] {
        var runs: [DiffRun] = []
        for folder in try BundleSources.folders(paths) {
            // One after the other: a bundle is large, and what a diff keeps of it is not.
            let bundle = try BundleSources.open(folder)
            runs.append(DiffRun(bundle, summary: RunSummary(bundle)))
        }
        return runs
    }

    /// What a side is called: the last part of its one path.
    private static func name(of paths: [String], or letter: String) -> String {
        guard paths.count == 1 else { return letter }
        return paths[0].split(separator: "/").last.map(String.init) ?? letter
    }

    private func write(_ diff: BundleDiff, to folder: String) throws(Failure) {
        do throws(FileFailure) {
            try AtomicFile.createFolder(folder)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "--out: \(error)")
        }
        do throws(ReportError) {
            try DiffReport.write(diff, in: folder)
        } catch {
            throw Failure(status: ExitStatus.internalFault, message: "\(error)")
        }
    }

    private func show(_ diff: BundleDiff) throws(Failure) {
        if summary == .json {
            do throws(ReportError) {
                Terminal.print(String(decoding: try DiffReport.json(diff), as: UTF8.self))
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
        } else if !quiet {
            let colour = Terminal.wantsColour(Terminal.outputIsTerminal)
            let path = out.map { "\($0)/\(DiffReport.report)" }
            Terminal.print(DiffReport.terminal(diff, colour: colour, path: path))
        }
    }

    private var words: String {
        var words = ["gale", "diff"] + bundles
        if delta != "5%" { words += ["--delta", delta] }
        if gate { words.append("--gate") }
        return words.map(ShellWord.quoted).joined(separator: " ")
    }
}
