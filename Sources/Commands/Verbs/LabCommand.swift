import ArgumentParser
import Core
import Glibc
import Lab
import Model
import Plans
import Recording

struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "Serve the target that a plan describes, or a plain one, until Ctrl-C.",
        discussion: """
            Without a plan there is one service that answers 200 with a short text. Every service counts what it
            receives: GET /_lab/counts on its own port. GET /_lab/resources says what the resources
            behind the services have seen, second by second.
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
            if attached {
                await Self.follow(lab)
            } else {
                lab.begin(at: LabServer.now)
                await Self.untilSignal()
            }
            await lab.stop()
            var received = 0
            for address in lab.addresses { received += await lab.counts(of: address.service)?.received ?? 0 }
            Terminal.print("received \(received)")
            let resources = await lab.resources()
            if attached, !resources.resources.isEmpty { Terminal.print("resources \(resources.json)") }
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

    /// Does what the other end of standard input says, until it closes: `begin NANOSECONDS` (of CLOCK_MONOTONIC) when the load
    /// starts.
    private static func follow(_ lab: LabServer) async {
        await withCheckedContinuation { continuation in
            DetachedThread.start {
                var line: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 256)
                while true {
                    let count = read(STDIN_FILENO, &chunk, chunk.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { break }
                    for byte in chunk[..<count] {
                        if byte == UInt8(ascii: "\n") {
                            if let origin = origin(in: line) { lab.begin(at: origin) }
                            line.removeAll()
                        } else if line.count < longestLine {
                            line.append(byte)
                        }
                    }
                }
                continuation.resume()
            }
        }
    }

    /// More than any line that means something.
    private static let longestLine = 64

    /// Nil: the line is something else.
    private static func origin(in line: [UInt8]) -> Instant? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 2, words[0] == "begin", let nanoseconds = Int64(words[1]), nanoseconds > 0 else {
            return nil
        }
        return Instant(nanoseconds: nanoseconds)
    }

    private static func untilSignal() async {
        let (stops, inbox) = AsyncStream<Void>.makeStream()
        let signals = Signals { inbox.finish() }
        for await _ in stops {}
        withExtendedLifetime(signals) {}
    }
}
