import Foundation
import Synchronization

/// Threads of its own for tasks that must go on while others hold every thread of the shared pool, or that hold a
/// thread for long themselves.
///
/// Its threads never end, and it is not meant to: one is made for the life of the program.
package final class ThreadExecutor: TaskExecutor {
    private let waiting = Mutex<[UnownedJob]>([])
    private let signal = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - name: what debuggers show.
    ///   - threads: how many tasks can run at the same time.
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
    /// One thread, which starts all processes.
    ///
    /// "Die with your parent" means the thread for Linux, not the program: what a thread of a pool has started would be
    /// killed when that thread is idle for some seconds and ends.
    static let starts = ThreadExecutor("process starts", threads: 1)

    /// Watches processes: time and other limits hold whatever else the program is busy with.
    static let watches = ThreadExecutor("process watches", threads: 4)
}
