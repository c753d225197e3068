import Core

/// What a reader should know of what is behind the lab's services: where calls wait, and what to do about it.
extension Finding {
    /// Hit share below which a full cache does little.
    package static let lowHitShare = 0.8

    static func addResources(_ resources: [ResourceSummary], _ add: (Kind, String) -> Void) {
        for resource in resources {
            addSaturation(of: resource, add)
            if resource.kind == "cache" { addCache(resource, add) }
            if let stale = resource.total("stale"), stale > 0 {
                let reads = resource.total(resource.kind == "cache" ? "reads" : "queries") ?? stale
                add(
                    .staleReads,
                    "\(count(stale, "read")) of '\(resource.name)' (\(Figures.share(stale / max(1, reads)))) returned less than "
                        + "the last write that had been answered.")
            }
            if let dead = resource.total("dead"), dead > 0 {
                add(
                    .deadLetters,
                    "\(count(dead, "message")) of '\(resource.name)' became dead letters: every attempt to deliver them failed."
                )
            }
        }
    }

    private static func addSaturation(of resource: ResourceSummary, _ add: (Kind, String) -> Void) {
        guard let full = resource.saturation else { return }
        var text =
            "'\(resource.name)' had nothing to spare for \(Figures.seconds(Double(full.seconds))), first at "
            + "\(Figures.seconds(Double(full.first))): up to \(Figures.count(Figures.whole(full.waiting))) waited there"
        if full.p99 > 0 { text += ", and the p99 of its worst second was \(Figures.seconds(full.p99))" }
        text += ". What is slow then is slow there."
        add(.saturated, text + " " + remedy(for: resource.kind))
    }

    private static func remedy(for kind: String) -> String {
        switch kind {
        case "database":
            "A cache takes reads off it, read replicas share them, an index makes them cheaper; a shorter line fails early "
                + "instead of late."
        case "queue": "Larger batches or more senders deliver more."
        case "store": "Smaller objects, or more uploads at once, get through sooner."
        default: "More workers, or a time-out with a fallback at its callers, keep it from holding up everybody."
        }
    }

    private static func addCache(_ resource: ResourceSummary, _ add: (Kind, String) -> Void) {
        if let lost = resource.total("lost"), lost > 0 {
            add(
                .lostWrites,
                "\(count(lost, "answered write")) of '\(resource.name)' never reached the database: that is the price of writing "
                    + "behind.")
        }
        guard let share = resource.total("hit_share"), let filled = resource.total("filled"),
            let evicted = resource.total("evicted"), share < lowHitShare, filled >= ResourceSummary.saturated,
            evicted > 0
        else { return }
        add(
            .smallCache,
            "'\(resource.name)' is full and \(Figures.share(share)) of its reads hit; \(count(evicted, "entry", "entries")) made "
                + "room for others. A larger one keeps more of them.")
    }

    private static func count(_ value: Double, _ noun: String, _ plural: String? = nil) -> String {
        Figures.count(Figures.whole(value), noun, plural: plural)
    }
}
