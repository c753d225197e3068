/// What a person says about an import beside the file itself.
package struct ImportOptions: Hashable, Sendable {
    /// The plan's name, and what the files beside it are called. It is cleaned where a plan would refuse it.
    package var name: String
    /// Load of the plan: `10/s`. The caller has checked it.
    package var rate: String
    /// Length of the load: `1m`. The caller has checked it.
    package var duration: String
    /// Replaces the target that the file names, or stands in where it names none.
    package var target: String?

    package init(name: String = "imported", rate: String = "10/s", duration: String = "1m", target: String? = nil) {
        self.name = name
        self.rate = rate
        self.duration = duration
        self.target = target
    }
}
