import Foundation
import Jobs
package import Model
import Synchronization

extension MachineExecutor {
    // MARK: The end of a job

    package func fetch(_ ticket: Ticket, into folder: String) async throws(ExecutorFault) -> JobResult {
        let index = try index(of: ticket)
        guard
            case .fetched(let result) = try await machines[index].call.ask(
                .fetch(job: ticket.job), into: folder, patience: HostCall.longPatience)
        else { throw .refused(machine: ticket.machine, reason: "no answer of this program") }
        return result
    }

    package func cancel(_ ticket: Ticket) async throws(ExecutorFault) {
        let index = try index(of: ticket)
        let own = state.withLock { $0.own[ticket.job] }
        own?.cancel()
        await own?.value
        do throws(ExecutorFault) {
            _ = try await machines[index].call.ask(.cancel(jobs: [ticket.job]), patience: HostCall.longPatience)
        } catch {
            abandon(ticket.job, on: index)
            throw error
        }
    }

    package func remove(_ ticket: Ticket) async {
        guard let index = room.index(of: ticket.machine) else { return }
        let own = state.withLock { $0.own.removeValue(forKey: ticket.job) }
        own?.cancel()
        await own?.value
        state.withLock { _ = $0.ended.remove(ticket.job) }
        do throws(ExecutorFault) {
            _ = try await machines[index].call.ask(.remove(job: ticket.job))
        } catch {
            abandon(ticket.job, on: index)
        }
        room.giveBack(index)
    }

    // MARK: Machines that come back

    /// Seconds between two tries to end abandoned jobs.
    private static let endingPause: Double = 5
    /// Seconds for a machine to answer when the run ends.
    static let lastPatience: Double = 20

    func abandon(_ job: String, on index: Int) {
        abandoned.add([job], on: index)
        state.withLock { state in
            guard state.ending == nil else { return }
            state.ending = Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(min(Self.endingPause, self.settings.lease)))
                    if !Task.isCancelled { await self.endAbandoned(patience: HostCall.longPatience) }
                }
            }
        }
    }

    /// Ends and removes the jobs whose machines did not answer when they were cancelled.
    func endAbandoned(patience: Double) async {
        await withTaskGroup { group in
            for index in abandoned.machines {
                let jobs = abandoned.take(from: index)
                group.addTask { await self.end(jobs, on: index, patience: patience) }
            }
        }
    }

    private func end(_ jobs: [String], on index: Int, patience: Double) async {
        let call = machines[index].call
        do throws(ExecutorFault) {
            _ = try await call.ask(.cancel(jobs: jobs), patience: patience)
            for job in jobs { _ = try await call.ask(.remove(job: job), patience: patience) }
        } catch {
            abandoned.add(jobs, on: index)
        }
    }

    package func endLeftovers(of run: RunID, repository: String) async -> [String] {
        let prefix = Ticket.runPrefix(run, repository: repository)
        return await withTaskGroup(of: String?.self) { group in
            for machine in machines { group.addTask { await machine.call.endAll(prefix) } }
            return await group.reduce(into: []) { notes, note in if let note { notes.append(note) } }
        }
    }

    package func check() async -> [MachineReport] {
        await withTaskGroup(of: MachineReport.self) { group in
            for machine in machines { group.addTask { await machine.call.report(slots: machine.slots) } }
            let reports = await group.reduce(into: []) { $0.append($1) }
            return machines.compactMap { machine in reports.first { $0.machine == machine.call.machine } }
        }
    }
}

extension HostCall {
    /// Ends all jobs whose names begin so.
    /// - Returns: a note for people if the machine did not do it.
    fileprivate func endAll(_ prefix: String) async -> String? {
        do throws(ExecutorFault) {
            _ = try await ask(.endAll(prefix: prefix), patience: HostCall.longPatience)
            return nil
        } catch {
            return "jobs that an earlier coordinator left may still run: \(error)"
        }
    }

    fileprivate func report(slots: Int) async -> MachineReport {
        var report = MachineReport(machine: machine, slots: slots)
        do throws(ExecutorFault) {
            if case .hello(let hello) = try await ask(.hello(repository: "none")) { report.free = hello.free }
        } catch {
            report.fault = error
        }
        return report
    }
}
