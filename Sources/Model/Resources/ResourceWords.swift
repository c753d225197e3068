import Core

extension ResourceDescription {
    /// What it is, in one plain line.
    var words: String { "\(name): " + kind.words }
}

extension ResourceDescription.Kind {
    fileprivate var words: String {
        switch self {
        case .database(let own): own.words
        case .cache(let own): own.words
        case .queue(let own): own.words
        case .store(let own): own.words
        case .service(let own): own.words
        }
    }
}

extension DatabaseDescription {
    fileprivate var words: String {
        var parts = ["database"]
        if shards > 1 { parts[0] += " of \(shards) shards" }
        parts.append("\(counted(connections, "connection")), queue of \(queue)")
        parts.append("a read takes \(read.words), a write \(write.words)")
        if replicas > 0 {
            let behind = lag == .constant(.zero) ? "in step" : "behind by \(lag.words)"
            parts.append("\(counted(replicas, "read replica"))\(shards > 1 ? " each" : ""), \(behind)")
        }
        if let patience { parts.append("a query waits \(patience.plain) at most") }
        if recovery != nil { parts.append("grows when too much fails") }
        return parts.joined(separator: "; ")
    }
}

extension CacheDescription {
    fileprivate var words: String {
        let keeping =
            switch pattern {
            case .aside: "aside of"
            case .through: "writing through to"
            case .behind: "writing behind to"
            }
        var parts = ["cache \(keeping) \(database)"]
        let entries = counted(capacity, "entry").replacing("entrys", with: "entries")
        parts.append(
            "\(counted(nodes, "node")), \(entries)\(nodes > 1 ? " each" : ""), \(eviction == .lru ? "LRU" : "LFU"), "
                + (ttl.map { "good for \($0.plain)" } ?? "good for ever"))
        if pattern == .behind {
            parts.append("at most \(pending) writes wait, every \(flush.plain) a round is written")
        }
        if warm > 0 { parts.append("warmed with \(counted(warm, "key"))") }
        if let tuning { parts.append("tuned every \(tuning.plain)") }
        parts += losses.map { "\($0.node.map { "node \($0)" } ?? "every node") loses everything at \($0.at.plain)" }
        return parts.joined(separator: "; ")
    }
}

extension QueueDescription {
    fileprivate var words: String {
        var parts = ["queue of messages"]
        let when = flush.map { ", every \($0.plain) or when one is full" } ?? ""
        parts.append("batches of \(batch) at most\(when), \(counted(senders, "sender"))")
        parts.append(
            "a batch takes \(time.words)\(perMessage > .zero ? " and \(perMessage.plain) for each message" : "")")
        if failures > 0 { parts.append("\(percent(failures)) of them fail, tried \(counted(attempts, "time"))") }
        return parts.joined(separator: "; ")
    }
}

extension StoreDescription {
    fileprivate var words: String {
        var parts = [
            "store of objects", "\(counted(uploads, "upload")) at once, \(Int(bandwidth)) bytes per second each",
        ]
        if failuresPerMB > 0 { parts.append("\(percent(failuresPerMB)) fail per MB") }
        return parts.joined(separator: "; ")
    }
}

extension BackServiceDescription {
    fileprivate var words: String {
        var parts = ["service behind others", "\(counted(workers, "worker")), queue of \(queue), \(time.words)"]
        if failures > 0 { parts.append("\(percent(failures)) fail") }
        if recovery != nil { parts.append("grows when too much fails") }
        return (parts + episodes.map(\.words)).joined(separator: "; ")
    }
}

extension RouteDescription {
    /// `GET /products/{id}: reads pages`.
    var words: String {
        (method.map { "\($0) " } ?? "") + path + ": " + steps.map(\.words).joined(separator: ", then ")
    }
}

extension WorkStep {
    fileprivate var words: String {
        switch self {
        case .read(let name, let time): "reads \(name)\(time.map { " (\($0.words))" } ?? "")"
        case .write(let name, let time): "writes \(name)\(time.map { " (\($0.words))" } ?? "")"
        case .invalidate(let name, let which): "drops \(which.words) from \(name)"
        case .send(let name, let messages): "sends \(counted(messages, "message")) to \(name)"
        case .upload(let name, let upload): "uploads to \(name)\(upload.words)"
        case .call(let name, let call): "calls \(name)\(call.words)"
        case .parallel(let branches):
            "at once ("
                + branches.map { $0.map(\.words).joined(separator: ", then ") }.joined(separator: " | ") + ")"
        case .work(let time): "works \(time.words)"
        }
    }
}

extension Invalidation {
    fileprivate var words: String {
        switch self {
        case .key: "the key"
        case .related(let count): "the key and \(count) after it"
        case .prefix: "all keys of its prefix"
        case .tag: "all keys of its tag"
        }
    }
}

extension Upload {
    fileprivate var words: String {
        (bytes.map { " \($0) bytes" } ?? "") + (compression < 1 ? ", compressed to \(percent(compression))" : "")
            + (attempts > 1 ? ", tried \(counted(attempts, "time")) with \(wait.plain) between" : "")
    }
}

extension ServiceCall {
    fileprivate var words: String {
        var text = ""
        if let timeout { text += ", for \(timeout.plain) at most" }
        if attempts > 1 { text += ", tried \(counted(attempts, "time")) with \(wait.plain) between" }
        if let breaker {
            text += ", a breaker opens after \(counted(breaker.failures, "failure")) for \(breaker.open.plain)"
        }
        if let fallback { text += ", \(fallback) when it fails" }
        return text
    }
}
