import Foundation
import Model

extension KubernetesExecutor {
    /// What the person of the `kubeconfig` must be allowed to do in the namespace.
    private static let rights = [
        ["create", "jobs.batch"], ["list", "jobs.batch"], ["delete", "jobs.batch"], ["list", "pods"], ["get", "pods"],
        ["create", "pods", "--subresource=exec"],
    ]

    package func check() async -> [MachineReport] {
        var report = MachineReport(machine: settings.name, slots: settings.slots)
        do throws(ExecutorFault) {
            try await checkRights()
            report.free = try await checkPod()
        } catch {
            report.fault = error
        }
        return [report]
    }

    private func checkRights() async throws(ExecutorFault) {
        var missing: [String] = []
        do throws(Kubectl.Fault) {
            for right in Self.rights {
                // It says "no" with status 1.
                let answer = try await kubectl.run(["auth", "can-i"] + right, accepted: [1])
                switch String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) {
                case let text where text.hasPrefix("yes"): break
                case let text where text.hasPrefix("no"):
                    missing.append(right.joined(separator: " ").replacing(" --subresource=", with: "/"))
                default: throw Kubectl.Fault.unreachable("the cluster does not answer; try 'kubectl get pods'")
                }
            }
        } catch {
            throw error.onMachine(settings.name)
        }
        guard missing.isEmpty else {
            throw .refused(
                machine: settings.name,
                reason: "kubectl may not \(missing.joined(separator: ", ")); docs/executors.md lists the rights")
        }
    }

    /// Starts a pod like that of an attempt, and asks the program there.
    /// - Returns: bytes that are free.
    private func checkPod() async throws(ExecutorFault) -> Int {
        let token = UUID().uuidString.lowercased()
        let name = "ocheck-\(token)"
        let manifest = PodManifest(
            settings: settings, pods: pods, name: name, resources: settings.resources, seconds: 0,
            annotations: [PodManifest.tokenKey: token], attempt: nil)
        do throws(ExecutorFault) {
            try await create(manifest, token: token)
            let free = try await ask(name)
            try await cancel(Ticket(job: name, machine: settings.name))
            return free
        } catch {
            let fault = await explained(error, of: name)
            await Task { try? await delete(name) }.value
            throw fault
        }
    }

    /// Seconds that a pod may need to start.
    private static let startPatience: Double = 180

    private func ask(_ name: String) async throws(ExecutorFault) -> Int {
        switch try await started(name, patience: Self.startPatience, waiting: { _ in }) {
        case .lost(let reason):
            throw .refused(machine: settings.name, reason: "a pod for the check was lost: \(reason)")
        case .pod(let pod):
            guard case .hello(let hello) = try await ask(.hello(repository: "none"), of: name, pod: pod) else {
                throw .refused(machine: settings.name, reason: "no answer of this program")
            }
            return hello.free
        }
    }
}
