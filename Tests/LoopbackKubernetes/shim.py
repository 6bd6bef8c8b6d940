"""Runs one container: a command and all that it starts. Nothing outlives it.

usage: shim.py COMMAND...

SIGTERM reaches the command alone; SIGUSR1 ends all at once, as a power cut does. The exit status is that of the command, or
128 and the number of its signal. If the parent dies, everything ends.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time


def children(of):
    found, parents = [], {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    parents[int(name)] = int(file.read().rsplit(b")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                pass
    level = {of}
    while level:
        level = {process for process, parent in parents.items() if parent in level}
        found += level
    return found


def end_all():
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        left = children(os.getpid())
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


def main():
    # PR_SET_CHILD_SUBREAPER: orphans stay below this process, as in the process namespace of a pod.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    parent = os.getppid()
    cut = []
    signal.signal(signal.SIGUSR1, lambda *_: cut.append(1))
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    try:
        child = subprocess.Popen(sys.argv[1:], start_new_session=True)
    except OSError as error:
        print(f"exec: {error}", file=sys.stderr)
        sys.exit(127)
    status, last_look = None, time.monotonic()
    while status is None and not cut:
        if asked:
            asked.clear()
            child.terminate()
        try:
            done, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if done == child.pid:
            status = code
        elif done == 0:
            time.sleep(0.02)
        if time.monotonic() - last_look > 0.5:
            last_look = time.monotonic()
            if os.getppid() != parent:
                cut.append(1)
    end_all()
    if status is None:
        sys.exit(137)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
