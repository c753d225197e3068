import Plans

/// `--delta`: what counts as the same.
enum DeltaOption {
    /// - Returns: a share.
    static func share(_ text: String) throws(Failure) -> Double {
        guard let share = try? Units.share(text), share >= 0.001, share <= 1 else {
            throw Failure(
                status: ExitStatus.usage,
                message: "--delta: `\(text)` is no share from 0.1% to 100%: write one such as 5%")
        }
        return share
    }
}
