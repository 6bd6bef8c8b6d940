/// Headers of the compiler and the system: C, C++, POSIX and the common platforms.
enum CStandardHeaders {
    static func contains(_ path: Source.Bytes) -> Bool {
        names.find(path) != nil
    }

    private static let names = SymbolTable(
        words:
            """
            assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h math.h setjmp.h
            signal.h stdalign.h stdarg.h stdatomic.h stdbit.h stdbool.h stdckdint.h stddef.h stdint.h stdio.h stdlib.h
            stdnoreturn.h string.h tgmath.h threads.h time.h uchar.h wchar.h wctype.h
            aio.h arpa/inet.h cpio.h dirent.h dlfcn.h endian.h fcntl.h fmtmsg.h fnmatch.h ftw.h glob.h grp.h iconv.h
            langinfo.h libgen.h mqueue.h monetary.h ndbm.h net/if.h netdb.h netinet/in.h netinet/tcp.h netinet/ip.h
            netinet/udp.h nl_types.h poll.h pthread.h pwd.h regex.h sched.h search.h semaphore.h spawn.h strings.h stropts.h
            sys/ipc.h sys/mman.h sys/msg.h sys/resource.h sys/select.h sys/sem.h sys/shm.h sys/socket.h sys/stat.h
            sys/statvfs.h sys/time.h sys/times.h sys/types.h sys/uio.h sys/un.h sys/utsname.h sys/wait.h sys/file.h sys/ioctl.h
            sys/param.h sys/epoll.h sys/event.h sys/eventfd.h sys/timerfd.h sys/signalfd.h sys/inotify.h sys/prctl.h
            sys/ptrace.h sys/sendfile.h sys/syscall.h sys/sysctl.h sys/sysinfo.h sys/cdefs.h sys/auxv.h sys/mount.h
            sys/random.h sys/statfs.h sys/vfs.h sys/xattr.h sys/filio.h sys/queue.h sys/tree.h
            syslog.h tar.h termios.h trace.h ulimit.h unistd.h utime.h utmpx.h utmp.h wordexp.h
            alloca.h byteswap.h elf.h err.h error.h execinfo.h features.h fts.h getopt.h ifaddrs.h link.h malloc.h memory.h
            mntent.h netinet/ether.h obstack.h paths.h pty.h resolv.h shadow.h stdio_ext.h sysexits.h termio.h ucontext.h
            values.h varargs.h crypt.h ncurses.h curses.h term.h
            algorithm any array atomic barrier bit bitset charconv chrono codecvt compare complex concepts condition_variable
            coroutine deque exception execution expected filesystem flat_map flat_set format forward_list fstream functional
            future generator initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map mdspan
            memory memory_resource mutex new numbers numeric optional ostream print queue random ranges ratio regex
            scoped_allocator semaphore set shared_mutex source_location span spanstream sstream stack stacktrace stdexcept
            stdfloat stop_token streambuf string string_view strstream syncstream system_error thread tuple type_traits
            typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
            cassert ccomplex cctype cerrno cfenv cfloat cinttypes ciso646 climits clocale cmath csetjmp csignal cstdalign
            cstdarg cstdbool cstddef cstdint cstdio cstdlib cstring ctgmath ctime cuchar cwchar cwctype
            windows.h winsock2.h ws2tcpip.h winsock.h io.h direct.h process.h conio.h tchar.h windef.h winbase.h winnt.h
            shlobj.h shellapi.h crtdbg.h intrin.h
            immintrin.h emmintrin.h xmmintrin.h smmintrin.h tmmintrin.h nmmintrin.h pmmintrin.h wmmintrin.h x86intrin.h
            arm_neon.h arm_acle.h cpuid.h cuda.h cuda_runtime.h
            TargetConditionals.h Availability.h AvailabilityMacros.h objc/objc.h objc/runtime.h mach/mach.h mach/mach_time.h
            libkern/OSAtomic.h Foundation/Foundation.h UIKit/UIKit.h AppKit/AppKit.h Cocoa/Cocoa.h
            CoreFoundation/CoreFoundation.h
            """)
}
