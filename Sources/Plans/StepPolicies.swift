package import Flows

/// What a step says about the retries of its calls, against `client.retry`.
package enum StepRetry: Hashable, Sendable {
    /// Never again.
    case none
    /// Also when its method may not be repeated safely: the step says that it may.
    case allMethods
}

/// The answer that a call is given in place of one that failed or was rejected.
package struct Fallback: Sendable {
    /// Default 200.
    package var status: Int32 = 200
    /// Nil: nothing.
    package var body: Template?

    package init() {}
}

/// A value that is put together from the answers of several shards.
package struct Gather: Hashable, Sendable {
    /// How the values of the parts become one.
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// Numbers, added.
        case sum
        /// All values that the path finds, as one list of JSON, in the order of the shards.
        case concat
        /// The smallest and the largest number.
        case min, max
    }

    /// Where the value goes.
    package var slot: Int
    package var rule: Rule
    /// Where it stands in the body of each part.
    package var path: JSONPath

    package init(slot: Int, rule: Rule, path: JSONPath) {
        self.slot = slot
        self.rule = rule
        self.path = path
    }
}
