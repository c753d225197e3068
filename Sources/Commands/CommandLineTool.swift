import ArgumentParser

/// The door through which the executable comes in.
package enum CommandLineTool {
    /// Runs what the process was asked for; ends it with the status that says what came of that.
    package static func run() async { await Gale.main() }
}
