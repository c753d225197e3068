import Engine

extension LoadFailure {
    /// A plan that cannot be sent is wrong; after a setup that failed nothing is known of the target under load.
    var exitStatus: Int32 {
        switch self {
        case .invalidRequest: ExitStatus.usage
        case .setupFailed: ExitStatus.undecided
        }
    }
}
