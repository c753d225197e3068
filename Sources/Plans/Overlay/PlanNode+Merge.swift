/// One plan laid over another.
extension PlanNode {
    /// This value changed by `overlay`: maps are merged key by key, at every depth; everything else replaces what was
    /// there. Keys keep their order, new ones follow. What comes from `overlay` keeps its place there.
    func merged(with overlay: PlanNode) -> PlanNode {
        guard case .map(let base) = content, case .map(let changes) = overlay.content else { return overlay }
        // A map's keys are all different: the parser sees to it.
        var entries = base
        var places: [String: Int] = [:]
        for (index, entry) in base.enumerated() { places[entry.key] = index }
        for change in changes {
            guard let index = places[change.key] else {
                entries.append(change)
                continue
            }
            let old = entries[index]
            let value = old.value.merged(with: change.value)
            // A merged map is still the one of the plan; a value that was replaced belongs to whoever replaced it.
            let isMerged = old.value.isMap && change.value.isMap
            entries[index] = Entry(
                key: old.key, keyPlace: isMerged ? old.keyPlace : change.keyPlace, value: value)
        }
        var node = self
        node.content = .map(entries)
        return node
    }

    var isMap: Bool {
        if case .map = content { true } else { false }
    }

    /// The value under a key of a map; nil when there is none.
    func entry(_ key: String) -> Entry? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }
    }

    /// The same with every place changed.
    func relocated(_ move: (Place) -> Place) -> PlanNode {
        var node = self
        node.place = move(place)
        switch content {
        case .scalar: break
        case .list(let items): node.content = .list(items.map { $0.relocated(move) })
        case .map(let entries):
            node.content = .map(
                entries.map { Entry(key: $0.key, keyPlace: move($0.keyPlace), value: $0.value.relocated(move)) })
        }
        return node
    }
}
