/// In which order the rows of a table are used.
package enum RowOrder: String, Hashable, Sendable, CaseIterable {
    /// As they stand.
    case sequential
    /// Each row once per pass, in an order that the seed decides, another one for every pass.
    case shuffled
    /// Any row at any time, each as likely as the others; a row may come twice before another comes once.
    case random
}

/// What happens when every row was used.
package enum AtEnd: String, Hashable, Sendable, CaseIterable {
    /// The rows begin again.
    case `repeat`
    /// What needs a row ends. The order `random` never comes to an end.
    case stop
}
