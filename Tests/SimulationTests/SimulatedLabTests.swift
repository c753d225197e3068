import Core
import Loops
import Model
import Simulation
import Testing

@Suite("A simulated lab")
struct SimulatedLabTests {
    @Test("each listener has an address of its own")
    func addresses() {
        let description = LabDescription(services: [
            ServiceDescription(name: "shop"), ServiceDescription(name: "stock"),
        ])
        let lab = SimulatedLab(description, seed: 1, loop: VirtualLoop())
        #expect(lab.listeners.map(\.service) == ["shop", "stock"])
        #expect(Set(lab.listeners.map(\.address)).count == 2)
    }
}
