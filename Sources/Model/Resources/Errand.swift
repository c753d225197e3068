/// The work for one request, or one branch of it: where it stands in its steps, and what it came to so far.
struct Errand {
    /// What it is in the middle of.
    enum Stage {
        /// Its next step has not begun.
        case between
        /// A time passes, and then the step is over.
        case working
        /// Its branches are under way.
        case joining
        /// A database works on its query.
        case querying
        /// The cache is looked into; it was a miss and the row is being read.
        case looking, filling
        /// The database writes, then the cache is told.
        case storing, keeping
        case invalidating
        case compressing, uploading
        case calling
        /// Before the next attempt.
        case pausing
    }

    /// In the route table.
    var block: Int
    var step = 0
    var stage = Stage.between
    /// What the request is known by to the host; of a branch, that of its errand.
    var ticket: Int
    var key: String
    /// Of the request's body.
    var bytes: Int
    /// Of what an upload sends, compressed or not.
    var sending = 0
    /// Attempts at the step under way.
    var attempt = 0
    var result = WorkResult()
    /// Status of the answer when a step failed: the rest is not done.
    var failure: Int32?

    /// The errand that waits for it, and its place among its branches; -1 for that of a request.
    var parent = -1
    var branch = 0
    /// Branches that are not done yet.
    var branches = 0
    /// What the branches came to, of those that are done, by the first of them where they differ.
    var branchFailure: (branch: Int, status: Int32)?
    var branchStatus: (branch: Int, status: Int32)?
    /// By the last of them.
    var branchVersion: (branch: Int, version: Int)?

    init(block: Int, ticket: Int, key: String, bytes: Int) {
        self.block = block
        self.ticket = ticket
        self.key = key
        self.bytes = bytes
    }

    /// The branch of that number.
    func forked(block: Int, branch: Int, of parent: Int) -> Errand {
        var child = Errand(block: block, ticket: ticket, key: key, bytes: bytes)
        (child.parent, child.branch) = (parent, branch)
        return child
    }

    /// A branch is done.
    mutating func join(_ child: Errand) {
        branches -= 1
        if let status = child.failure, branchFailure.map({ child.branch < $0.branch }) ?? true {
            branchFailure = (child.branch, status)
        }
        if let status = child.result.status, branchStatus.map({ child.branch < $0.branch }) ?? true {
            branchStatus = (child.branch, status)
        }
        if let version = child.result.version, branchVersion.map({ child.branch > $0.branch }) ?? true {
            branchVersion = (child.branch, version)
        }
        if child.result.isStale { result.isStale = true }
    }

    /// The last branch is done: takes over what they came to.
    /// - Returns: the status when one of them failed.
    mutating func joined() -> Int32? {
        result.status = result.status ?? branchStatus?.status
        result.version = branchVersion?.version ?? result.version
        let failed = branchFailure?.status
        (branchFailure, branchStatus, branchVersion) = (nil, nil, nil)
        return failed
    }
}
