import Core

/// A store of objects, and what has been seen of it.
struct StorePlace {
    let description: StoreDescription
    var model: ObjectStore
    var meter = ResourceMeter("store")
    private var times: SeededRandom
    private var strikes: SeededRandom

    init(_ description: StoreDescription, name: String, seed: UInt64) {
        self.description = description
        model = ObjectStore(description)
        times = SeededRandom(seed: seed, named: "lab/\(name)/time")
        strikes = SeededRandom(seed: seed, named: "lab/\(name)/failures")
    }

    /// What the next upload comes to.
    mutating func transfer(bytes: Int) -> ObjectStore.Transfer {
        model.transfer(bytes: bytes, times: &times, strikes: &strikes)
    }

    mutating func gauge(at now: Instant) {
        meter.set(.busy, Double(model.busy) / Double(max(1, description.uploads)), at: now)
        meter.set(.waiting, Double(model.waiting), at: now)
    }
}

/// An attempt at an upload: waiting for its turn, or sending.
struct UploadUnderWay {
    var store: Int
    var errand: Int
    var began: Instant
    /// What it comes to, once it sends.
    var transfer: ObjectStore.Transfer?
}

extension Backstage {
    func beginUpload(_ errand: Int, _ upload: Upload) {
        guard case .upload(let store, _) = step(of: errand) else { return }
        stores[store].meter.add(.uploads, at: clock)
        let size = max(0, upload.bytes ?? errands[errand].bytes)
        let (time, left) = upload.compression < 1 ? ObjectStore.compress(size, as: upload) : (.zero, size)
        errands[errand].sending = left
        wait(errand, .compressing, time)
    }

    func attemptUpload(_ errand: Int) {
        guard case .upload(let store, _) = step(of: errand) else { return }
        errands[errand].attempt += 1
        errands[errand].stage = .uploading
        let upload = uploads.insert(UploadUnderWay(store: store, errand: errand, began: clock))
        if stores[store].model.arrived(upload) { begin(upload) }
        stores[store].gauge(at: clock)
    }

    /// The bytes are over, or the upload has broken off.
    func uploadEnded(_ number: Int) {
        let upload = uploads.remove(number)
        let (store, errand) = (upload.store, upload.errand)
        if let next = stores[store].model.finished() { begin(next) }
        stores[store].gauge(at: clock)
        stores[store].meter.add(.bytes, Double(upload.transfer?.bytes ?? 0), at: clock)
        guard case .upload(_, let settings) = step(of: errand) else { return }
        if upload.transfer?.succeeds == true {
            stores[store].meter.add(.done, at: clock)
            stores[store].meter.record(clock - upload.began, at: clock)
            return complete(errand)
        }
        stores[store].meter.add(.failedAttempts, at: clock)
        if errands[errand].attempt < settings.attempts { return wait(errand, .pausing, settings.wait) }
        stores[store].meter.add(.failed, at: clock)
        fail(errand, 500)
    }

    /// An upload has its turn.
    private func begin(_ upload: Int) {
        let store = uploads[upload].store
        let transfer = stores[store].transfer(bytes: errands[uploads[upload].errand].sending)
        uploads[upload].transfer = transfer
        events.insert(.uploaded(upload: upload), at: clock + transfer.time)
    }
}
