package import Core

/// An endpoint gets nothing for a while.
package struct Ejection: Hashable, Sendable {
    package enum Reason: Hashable, Sendable, CaseIterable {
        /// Failed attempts in a row.
        case consecutive
        /// A success rate far below that of the others.
        case successRate
        /// The share of failed attempts.
        case failureShare
    }

    package let place: Int
    package let reason: Reason
    package let until: Instant

    package init(place: Int, reason: Reason, until: Instant) {
        self.place = place
        self.reason = reason
        self.until = until
    }
}

extension Ejection.Reason: CustomStringConvertible {
    /// One word for tables: `consecutive`, `success-rate`, `failures`.
    package var description: String {
        switch self {
        case .consecutive: "consecutive"
        case .successRate: "success-rate"
        case .failureShare: "failures"
        }
    }
}

/// What an outlier detector has done.
package enum OutlierEvent: Hashable, Sendable {
    case ejected(Ejection)
    case returned(place: Int)
}

extension OutlierEvent: CustomStringConvertible {
    /// One word for tables: `ejected`, `returned`.
    package var description: String {
        switch self {
        case .ejected: "ejected"
        case .returned: "returned"
        }
    }
}
