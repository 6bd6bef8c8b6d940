import Foundation
import Synchronization

/// An executor with its own threads, for tasks that must run while the shared pool is exhausted, and for tasks that
/// block a thread.
///
/// Its threads never end. Create one for the life of the program.
package final class ThreadExecutor: TaskExecutor {
    private let waiting = Mutex<[UnownedJob]>([])
    private let signal = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - name: the name of the threads in debuggers.
    ///   - threads: the number of tasks that can run at the same time.
    package init(_ name: String, threads: Int) {
        for _ in 0..<threads {
            let thread = Thread { [self] in
                while true {
                    signal.wait()
                    waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }?.runSynchronously(
                        on: asUnownedTaskExecutor())
                }
            }
            thread.name = name
            thread.start()
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        waiting.withLock { $0.append(job) }
        signal.signal()
    }
}

extension ThreadExecutor {
    /// One thread that starts all processes.
    ///
    /// On Linux "die with the parent" refers to the thread that started a process, not to the program. A process started
    /// by a thread of a pool would be killed when that thread ends after some idle seconds.
    static let starts = ThreadExecutor("process starts", threads: 1)

    /// Threads that watch processes, so that limits are enforced whatever else the program does.
    static let watches = ThreadExecutor("process watches", threads: 4)
}
