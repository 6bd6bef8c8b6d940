/// A way in which a worker tries to get out of its slot, or to take the machine with it.
struct Escape: Sendable {
    /// Also the name of the task whose worker tries it.
    var name: String
    /// For the table in docs/security.md.
    var what: String
    /// Run in the slot. What it gets hold of, or a word that it got somewhere, it appends to `$LOOT`. `$TARGET` is the
    /// target repository, `$STATE` the state folder, `$OUTSIDE` a folder of the user's, `$USERHOME` the user's home,
    /// `$PORT` a port of TCP and UDP and `$ABSTRACT` an abstract socket on which the user's own server listens.
    var script: String
    /// What the failure says where the worker is ended; nil where it is kept from it and goes on to do its work.
    var ending: String?

    static let all: [Escape] = files + processes + network + resources

    private static let files = [
        Escape(
            name: "absolute", what: "writes and reads by absolute path",
            script: "echo x >>$OUTSIDE/mine && echo wrote >>$LOOT; cat $OUTSIDE/mine $TARGET/mine.txt >>$LOOT"),
        Escape(
            name: "dotdot", what: "writes by `..`",
            script: "echo x >>../../../../../../../../../../../../../..$OUTSIDE/mine && echo wrote >>$LOOT"),
        Escape(
            name: "symlink", what: "writes through a symbolic link",
            script: "ln -s $OUTSIDE/mine link; echo x >>link && echo wrote >>$LOOT; rm -f link"),
        Escape(
            name: "hardlink", what: "writes through a hard link",
            script: "ln $OUTSIDE/mine link && echo x >>link && echo wrote >>$LOOT; rm -f link"),
        Escape(
            name: "proc-root", what: "goes through `/proc/*/root` and `/proc/*/cwd`",
            script:
                "for p in /proc/[0-9]* /proc/self; do cat $p/root$OUTSIDE/mine $p/cwd/../../../../../outside/mine >>$LOOT; done"
        ),
        Escape(
            name: "proc-sys", what: "changes settings of the kernel in `/proc/sys`",
            script: "f=/proc/sys/kernel/panic_on_oops; v=$(cat $f); echo $v >$f && echo wrote >>$LOOT"),
        Escape(
            name: "system", what: "changes the system and reads its secrets",
            script: "touch /usr/new /etc/new /bin/new /new && echo wrote >>$LOOT; cat /etc/shadow >>$LOOT"),
        Escape(
            name: "slot-hooks", what: "plants hooks and configuration in its slot for the coordinator's git",
            script: """
                for h in pre-commit post-checkout post-index-change reference-transaction post-rewrite; do
                  mkdir -p .git/hooks; printf '#!/bin/sh\\necho hook >>%s\\n' $LOOT >.git/hooks/$h; chmod +x .git/hooks/$h
                done
                printf '[core]\\nfsmonitor = echo monitor >>%s\\nhooksPath = .git/hooks\\n' $LOOT >>.git/config
                printf '[filter "x"]\\nclean = echo filter >>%s\\nsmudge = cat\\n' $LOOT >>.git/config
                echo '* filter=x' >.git/info/attributes
                """),
        Escape(
            name: "target-hooks", what: "plants hooks and configuration in the target repository",
            script: """
                printf '#!/bin/sh\\n' >$TARGET/.git/hooks/post-commit && echo wrote >>$LOOT
                git -C $TARGET config core.fsmonitor x && echo configured >>$LOOT
                """),
        Escape(
            name: "update-ref", what: "moves the user's branch",
            script: """
                git -c user.name=x -c user.email=x@x commit -qm mine --allow-empty
                git -C $TARGET update-ref refs/heads/main $(git rev-parse HEAD) && echo moved >>$LOOT
                git push -q $TARGET HEAD:refs/heads/main && echo pushed >>$LOOT
                echo $(git rev-parse HEAD) >$TARGET/.git/refs/heads/main && echo wrote >>$LOOT
                git update-ref refs/heads/main HEAD
                """),
        Escape(
            name: "objects", what: "deletes or changes the objects that its slot borrows",
            script: """
                o=$(cat .git/objects/info/alternates); rm -rf $o/* && echo deleted >>$LOOT
                touch $o/new && echo wrote >>$LOOT
                """),
        Escape(
            name: "other-slot", what: "reads other slots and the store",
            script:
                "cat $(dirname $PWD)/../*/tree/secret* $STATE/*/*/state.sqlite >>$LOOT; ls ../.. | grep -vx $(basename $(dirname $PWD)) >>$LOOT"
        ),
        Escape(
            name: "ssh-keys", what: "reads the user's keys",
            script: "cat $USERHOME/.ssh/* ~/.ssh/* /root/.ssh/* /home/*/.ssh/* >>$LOOT"),
    ]

    private static let processes = [
        Escape(
            name: "kill", what: "kills the coordinator and everything else",
            script:
                "trap '' TERM; for p in /proc/[0-9]*; do p=${p#/proc/}; [ $p = $$ ] || kill -9 $p; done; kill -TERM -1; true",
            ending: "by signal 9"),
        Escape(
            name: "ptrace", what: "attaches to the coordinator as a debugger",
            script: """
                perl -e 'for (glob "/proc/[0-9]*") { m,(\\d+)$,; next if $1 == $$ || $1 == 1 || $1 == getppid;
                  open F, "/proc/$1/cmdline"; my $c = <F>; next if $c =~ /^(sh|perl|\\/bin\\/sh)/;
                  print "attached\\n" if syscall(101, 16, $1, 0, 0) == 0 }' >>$LOOT
                ls /proc | grep -c '^[0-9]' >count; [ $(cat count) -lt 10 ] || echo sees >>$LOOT; rm count
                """),
        Escape(
            name: "environment", what: "reads the user's environment in `/proc/*/environ`",
            script:
                "cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep USER_SECRET >>$LOOT; env | grep USER_SECRET >>$LOOT"),
        Escape(
            name: "namespaces", what: "makes namespaces and mounts of its own",
            script: """
                unshare -Ur true && echo unshared >>$LOOT; mount -t tmpfs x . && echo mounted >>$LOOT
                perl -e 'my $p = syscall(56, 0x10000000 | 17, 0, 0, 0, 0); exit 0 if $p == 0; print "cloned\\n" if $p > 0' >>$LOOT
                perl -e 'for my $n (428 .. 433, 442) { $! = 0; my $r = syscall($n, -1, 0, 0, 0, 0);
                  print "call $n: $r $!\\n" if $r >= 0 || $! != 1 }' >>$LOOT
                """),
        Escape(
            name: "limits", what: "sets the limits and the priority of the coordinator",
            script: """
                perl -e 'my $l = "\\0" x 16; for (glob "/proc/[0-9]*") { m,(\\d+)$,; my $p = $1 + 0; open F, "/proc/$p/cmdline"; my $c = <F>;
                  next unless $c =~ /orchestrate\\0migrate/; print "limited\\n" if syscall(302, $p, 7, $l, 0) == 0;
                  print "slowed\\n" if syscall(141, 0, $p, 1) == 0 }' >>$LOOT
                """),
        Escape(
            name: "shared-memory", what: "attaches to shared memory and queues of the user's",
            script: """
                perl -e 'print "attached\\n" if defined shmget($ENV{SHARED}, 0, 0); print "queued\\n" if defined msgget($ENV{SHARED}, 0)' >>$LOOT
                """),
        Escape(
            name: "daemon", what: "outlives its worker by double fork and `setsid`",
            script: """
                (setsid sh -c "(exec sh -c ': $MARK; sleep 2; echo lives >>$LOOT; sleep 1000') &" >/dev/null 2>&1 &)
                """),
    ]

    private static let network = [
        Escape(
            name: "tcp", what: "connects to a server of the user's",
            script:
                "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(\"127.0.0.1:'$PORT'\") and print \"connected\\n\"' >>$LOOT"
        ),
        Escape(
            name: "dns", what: "asks a name server",
            script: """
                perl -e 'print "answered\\n" if gethostbyname("example.com")' >>$LOOT
                perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => "192.0.2.1:53", Proto => "udp");
                  print "sent\\n" if $s && $s->send("x")' >>$LOOT
                """),
        Escape(
            name: "udp", what: "sends a packet to a server of the user's",
            script:
                "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => \"127.0.0.1:$ENV{PORT}\", Proto => \"udp\")->send(\"x\")'"
        ),
        Escape(
            name: "other-streams", what: "connects by MPTCP and SCTP, and by sending (TCP Fast Open)",
            script: """
                perl -MSocket -e 'my $to = pack_sockaddr_in($ENV{PORT}, inet_aton("127.0.0.1"));
                  for my $p (132, 262) { print "connected by $p\\n" if socket(S, AF_INET, SOCK_STREAM, $p) && connect(S, $to) }
                  socket(S, AF_INET, SOCK_STREAM, 0); print "sent\\n" if send(S, "x", 0x20000000, $to)' >>$LOOT
                """),
        Escape(
            name: "vsock", what: "opens a socket to the host of the virtual machine (`AF_VSOCK`)",
            script: "perl -MSocket -e 'print \"opened\\n\" if socket(S, 40, SOCK_STREAM, 0)' >>$LOOT"),
        Escape(
            name: "families", what: "opens a socket of every other family",
            script: """
                perl -MSocket -e 'for my $f (3 .. 50) { next if $f == 10 || $f == 16; for my $t (1, 2, 3, 5) {
                  print "opened $f/$t\\n" if socket(S, $f, $t, 0);
                  print "opened a pair of $f/$t\\n" if socketpair(S, T, $f, $t, 0) } }' >>$LOOT
                """),
        Escape(
            name: "io-uring", what: "makes a ring that opens sockets and connects without system calls (`io_uring`)",
            script: """
                perl -e 'my $p = "\\0" x 256; for my $n (425, 426, 427) { $! = 0; my $r = syscall($n, 8, $p, 0, 0, 0, 0);
                  print "call $n: $r $!\\n" if $r >= 0 || $! != 1 }' >>$LOOT
                """),
        Escape(
            name: "abstract-socket", what: "connects to an abstract socket",
            script: """
                perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0);
                  print "connected\\n" if connect(S, pack("S a*", AF_UNIX, "\\0" . $ENV{ABSTRACT}))' >>$LOOT
                """),
    ]

    private static let resources = [
        Escape(
            name: "fork", what: "forks 10,000 processes",
            script: "perl -e 'for (1..10_000) { my $p = fork; if (defined $p && !$p) { sleep 100; exit } } sleep 100'",
            ending: "more than 300 processes"),
        Escape(
            name: "disk", what: "fills the disk",
            script: "for i in 1 2 3 4 5 6 7 8; do head -c 30000000 /dev/zero >fill$i; done; sleep 100",
            ending: "more than 100 MiB on disk"),
        Escape(
            name: "scratch", what: "fills the folders in memory",
            script: "head -c 10G /dev/zero >/run/fill && echo filled >>$LOOT; rm -f /run/fill"),
        Escape(
            name: "memory", what: "allocates 50 GB",
            script: "perl -e 'for (1..500) { $x[$_] = \"a\" x 100_000_000 } sleep 100'",
            ending: "more than 512 MiB of memory"),
        Escape(
            name: "wall", what: "never ends", script: "trap '' TERM; while :; do sleep 1; done",
            ending: "still running after"),
    ]
}
