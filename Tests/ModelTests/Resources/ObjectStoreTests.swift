import Core
import Glibc
import Model
import Testing

@Suite struct ObjectStoreTests {
    private func store(failuresPerMB: Double = 0, uploads: Int = 64) -> ObjectStore {
        var description = StoreDescription()
        description.bandwidth = 2_000_000
        description.time = .constant(.milliseconds(100))
        description.failuresPerMB = failuresPerMB
        description.uploads = uploads
        return ObjectStore(description)
    }

    private func transfers(_ count: Int, bytes: Int, of store: inout ObjectStore) -> [ObjectStore.Transfer] {
        var (times, strikes) = (SeededRandom(seed: 1, named: "times"), SeededRandom(seed: 1, named: "strikes"))
        return (0..<count).map { _ in store.transfer(bytes: bytes, times: &times, strikes: &strikes) }
    }

    @Test(arguments: [(0, 100), (1_000_000, 600), (5_000_000, 2_600), (-1, 100)])
    func anUploadTakesItsStartAndItsBytes(bytes: Int, milliseconds: Int64) {
        var store = store()
        let transfer = transfers(1, bytes: bytes, of: &store)[0]
        #expect(transfer.time == .milliseconds(milliseconds))
        #expect(transfer.succeeds)
        #expect(transfer.bytes == max(0, bytes))
    }

    /// The guide's 15 % at 3 MB, and others: four standard deviations of 20,000 draws are 0.014 at most.
    @Test(arguments: [(0.05, 1.0), (0.05, 3.0), (0.05, 0.2), (0.3, 2.0), (0.000_001, 5.0), (0.0, 5.0)])
    func largerObjectsFailMoreOften(perMB: Double, megabytes: Double) {
        var store = store(failuresPerMB: perMB)
        let transfers = transfers(20_000, bytes: Int(megabytes * 1e6), of: &store)
        let failed = transfers.count { !$0.succeeds }
        #expect(abs(Double(failed) / 20_000 - (1 - pow(1 - perMB, megabytes))) < 0.014)
        #expect(store.counts.attempts == 20_000)
        #expect(store.counts.failed == failed)
        #expect(store.counts.bytes == transfers.reduce(0) { $0 + $1.bytes })
    }

    @Test func whatFailsDoesSoOnItsWayAndTakesSoMuchLess() {
        var store = store(failuresPerMB: 0.5)
        let failed = transfers(5_000, bytes: 2_000_000, of: &store).filter { !$0.succeeds }
        for transfer in failed {
            #expect(transfer.bytes < 2_000_000)
            #expect(abs(transfer.time.seconds - 0.1 - Double(transfer.bytes) / 2e6) < 1e-6)
        }
        // Half of a chance per MB: two thirds of those that fail in 2 MB do so in the first.
        let early = failed.count { $0.bytes < 1_000_000 }
        #expect(abs(Double(early) / Double(failed.count) - 2.0 / 3) < 0.03)
    }

    @Test func underTheSameNumbersASmallerObjectSucceedsWhereALargerDoes() {
        var (small, large) = (store(failuresPerMB: 0.1), store(failuresPerMB: 0.1))
        let pairs = zip(transfers(2_000, bytes: 1_000_000, of: &small), transfers(2_000, bytes: 4_000_000, of: &large))
        #expect(pairs.allSatisfy { $0.succeeds || !$1.succeeds })
        #expect(small.counts.failed < large.counts.failed)
    }

    @Test(arguments: [1.0, 2.0, 1e-300, -1.0])
    func chancesAtTheEdgesDoNotTrap(chance: Double) {
        var store = store(failuresPerMB: chance)
        for transfer in transfers(100, bytes: .max, of: &store) { #expect(transfer.succeeds == (chance < 1)) }
        #expect(transfers(1, bytes: 0, of: &store)[0].succeeds)
    }

    @Test func compressionCostsTimeAndSavesBytes() {
        var upload = Upload()
        #expect(ObjectStore.compress(1_000, as: upload) == (.zero, 1_000))
        upload.compression = 0.3
        upload.compressing = 50_000_000
        #expect(ObjectStore.compress(5_000_000, as: upload) == (.milliseconds(100), 1_500_000))
        #expect(ObjectStore.compress(1, as: upload).bytes == 1)
        #expect(ObjectStore.compress(-5, as: upload).bytes == 0)
        upload.compression = 0.999_999_999_999_999_9
        #expect(ObjectStore.compress(.max, as: upload).bytes <= .max)
    }

    @Test func whoFindsNoSlotWaitsInTurn() {
        var store = store(uploads: 2)
        #expect(store.arrived(1) == true)
        #expect(store.arrived(2) == true)
        #expect(store.arrived(3) == false)
        #expect(store.arrived(4) == false)
        #expect(store.waiting == 2)
        #expect(store.finished() == 3)
        #expect(store.finished() == 4)
        #expect(store.busy == 2)
        #expect(store.finished() == nil)
        #expect(store.finished() == nil)
        #expect(store.busy == 0)
    }
}
