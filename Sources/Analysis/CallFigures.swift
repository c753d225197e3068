package import Recording

/// What became of calls and attempts, as shares and ratios of a ledger.
///
/// A rejected call is an error of the client's making: it has no latency, and it must not vanish. A call that a fallback
/// answered is neither a success nor an error.
package struct CallFigures: Hashable, Sendable, Encodable {
    /// Failed and rejected calls that no fallback answered, of the calls that came to an end, 0 to 1; 0 without a call.
    package var errorShare: Double
    /// Calls that were turned away, of the calls made, 0 to 1.
    package var rejectedShare: Double
    /// Calls that a fallback answered, of the calls made, 0 to 1.
    package var fallbackShare: Double
    /// Attempts per call that was not rejected; nil without such a call.
    package var amplification: Double?
    /// Succeeded calls per second of measured time; 0 for a run without.
    package var goodput: Double

    package init(_ ledger: Ledger, seconds: Double) {
        // As good as made − cancelled, which in a killed run has the calls that were under way.
        let ended = ledger.succeeded + ledger.failed + ledger.rejected
        // A damaged record may have more fallbacks than there can be.
        errorShare = Figures.ratio(max(0, ledger.failed + ledger.rejected - ledger.fallbacks), of: ended)
        rejectedShare = Figures.ratio(ledger.rejected, of: ledger.made)
        fallbackShare = Figures.ratio(ledger.fallbacks, of: ledger.made)
        let sent = ledger.made - ledger.rejected
        amplification = sent > 0 ? Double(ledger.attempts) / Double(sent) : nil
        goodput = seconds > 0 ? Double(ledger.succeeded) / seconds : 0
    }
}
