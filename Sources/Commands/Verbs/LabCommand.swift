import ArgumentParser
import Core
import Glibc
import Lab
import Model
import Plans

struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "Serve the target that a plan describes, or a plain one, until Ctrl-C.",
        discussion: """
            Without a plan there is one service that answers 200 with a short text. Every service counts what it
            receives: GET /_lab/counts on its own port.
            """)

    @Argument(help: "A plan with a `lab:`.")
    var plan: String?

    @OptionGroup
    var changes: PlanChanges

    @Option(help: "Port of the plain service (default: a free one).")
    var port: UInt16?

    @Option(help: "Seed of service times and faults.")
    var seed: UInt64 = 1

    @Option(help: "Threads that serve.")
    var threads = 1

    @Flag(help: ArgumentHelp("Stop when standard input closes.", visibility: .hidden))
    var attached = false

    func run() async throws {
        try await finish { () async throws(Failure) in
            let description = try description()
            let lab: LabServer
            do throws(LabProblem) {
                lab = try await LabServer.start(description, seed: seed, threads: threads)
            } catch {
                throw Failure(status: ExitStatus.usage, message: "\(error)")
            }
            for address in lab.addresses { Terminal.print("\(address.service) \(address.url)") }
            if attached { Terminal.print("ready") }
            await attached ? Self.untilInputCloses() : Self.untilSignal()
            await lab.stop()
            var received = 0
            for address in lab.addresses { received += await lab.counts(of: address.service)?.received ?? 0 }
            Terminal.print("received \(received)")
            return ExitStatus.met
        }
    }

    private func description() throws(Failure) -> LabDescription {
        guard let plan else {
            var service = ServiceDescription(name: "lab")
            service.port = port
            return LabDescription(services: [service])
        }
        guard let lab = try PlanSource.read(plan, changes, quiet: attached).plan.lab else {
            throw Failure(status: ExitStatus.usage, message: "\(plan): the plan has no `lab:`")
        }
        return lab
    }

    private static func untilInputCloses() async {
        await withCheckedContinuation { continuation in
            DetachedThread.start {
                var byte: UInt8 = 0
                while true {
                    let count = read(STDIN_FILENO, &byte, 1)
                    if count == 0 || (count < 0 && errno != EINTR) { break }
                }
                continuation.resume()
            }
        }
    }

    private static func untilSignal() async {
        let (stops, inbox) = AsyncStream<Void>.makeStream()
        let signals = Signals { inbox.finish() }
        for await _ in stops {}
        withExtendedLifetime(signals) {}
    }
}
