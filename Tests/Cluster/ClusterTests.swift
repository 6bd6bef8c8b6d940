import Foundation
import TestSupport
import Testing

/// A whole migration on machines of each kind, one of which dies in the middle.
@Suite(.ownThreads) struct ClusterTests {
    /// Seconds in which the node must get work.
    private static let patience: Double = 200

    private func migrate(on machines: any Machines, _ migration: Migration) throws {
        var hasDied = false
        let result = try migration.run(on: machines) {
            let deadline = Date(timeIntervalSinceNow: Self.patience)
            while Date() < deadline, !(migration.started >= 10 && machines.isNodeBusy) { usleep(20_000) }
            hasDied = migration.started < Migration.count && machines.isNodeBusy
            machines.killNode()
        }
        #expect(hasDied, "the node had no work, or all work was done")
        #expect(result.status == 0, "\(result.errorText)\(result.text)")
        #expect(try migration.tree() == Migration.localTree.get())
        let landed = try migration.landed()
        #expect(landed.count == Migration.count)
        #expect(Set(landed).count == Migration.count)
        #expect(try machines.leftovers() == [])
        #expect(LivingProcesses.mentioning(migration.mark).isEmpty)
    }

    @Test(.enabled(if: LoopbackSSH.isAvailable, "skipped: sshd is not installed"))
    func `a host behind SSH dies in the middle of a migration`() throws {
        let migration = try Migration()
        try migrate(on: SSHMachines(in: migration.directory), migration)
    }

    @Test(.enabled(if: LoopbackSlurm.isAvailable, "skipped: Slurm is not installed, or this is not root"))
    func `a node of Slurm dies in the middle of a migration`() throws {
        let migration = try Migration()
        try migrate(on: SlurmMachines(in: migration.directory), migration)
    }

    @Test(.enabled(if: LoopbackKubernetes.isAvailable, "skipped: kubectl is not installed"))
    func `a node of Kubernetes dies in the middle of a migration`() throws {
        let migration = try Migration()
        try migrate(on: KubernetesMachines(in: migration.directory), migration)
    }
}
