/// What the process says to the shell; the numbers are part of Gale's interface.
enum ExitStatus {
    static let met: Int32 = 0
    /// The plan or the command line is wrong (EX_USAGE).
    static let usage: Int32 = 64
    /// Our own fault, the disk's included (EX_SOFTWARE).
    static let internalFault: Int32 = 70
    /// Undecided, or invalid because the generator was the limit (EX_TEMPFAIL).
    static let undecided: Int32 = 75
    static let broken: Int32 = 99
    static let interrupted: Int32 = 130
}

/// Ends the command with a message and a status.
struct Failure: Error {
    let status: Int32
    let message: String
}
