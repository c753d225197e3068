/// What a diff says of the other side against the first.
package struct DiffVerdict: Hashable, Sendable, Encodable {
    package enum Outcome: String, CaseIterable, Hashable, Sendable, Encodable {
        /// Surely, and by the margin: slower, more errors or less goodput.
        case worse
        /// By its headline; slower by less than the margin.
        case slower, faster
        /// The headline is the same within the margin.
        case same
        /// The runs could be judged, and were too few or too different to say.
        case undecided
        /// What the runs are does not allow a verdict.
        case withheld
        /// Their figures mean different things.
        case incomparable
    }

    package private(set) var outcome: Outcome
    /// The figures for which it is worse.
    package private(set) var causes: [ComparedFigure] = []
    /// Why there is no verdict, in sentences.
    package private(set) var reasons: [String] = []

    /// - Parameters:
    ///   - changes: of the run as a whole.
    ///   - reasons: why there can be none; empty when there can.
    init(
        _ changes: [FigureChange], headline: ComparedFigure, alpha: Double, isComparable: Bool, reasons: [String]
    ) {
        self.reasons = reasons
        guard isComparable, reasons.isEmpty else {
            outcome = isComparable ? .withheld : .incomparable
            return
        }
        func change(_ figure: ComparedFigure) -> FigureChange? { changes.first { $0.figure == figure } }
        if change(headline)?.isMoreByMargin == true { causes.append(headline) }
        if let errors = change(.errors), errors.isMoreByMargin, errors.stands(alpha: alpha) { causes.append(.errors) }
        if let goodput = change(.goodput), goodput.isLessByMargin, goodput.stands(alpha: alpha) {
            causes.append(.goodput)
        }
        guard causes.isEmpty else {
            outcome = .worse
            return
        }
        outcome =
            switch change(headline)?.verdict {
            case .higher: .slower
            case .lower: .faster
            case .same: .same
            case .undecided, .tooFewCalls, .noData, .withheld, nil: .undecided
            }
    }
}
