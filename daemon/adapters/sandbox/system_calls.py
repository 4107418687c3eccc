"""Seccomp: the system calls that the child has no use for, refused by the kernel (Linux, x86-64 and 64-bit ARM).

A filter in classic BPF, put together here: seccomp(2), <linux/seccomp.h>, <linux/filter.h>, numbers from <asm/unistd.h> and
<asm-generic/unistd.h>. What is refused fails with EPERM, as if it were forbidden, which libraries expect; calls newer than
this list fail with ENOSYS, as on an older kernel. A call made in another machine's way ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_* of <linux/audit.h>."""
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _ABOVE, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24  # offsets into seccomp_data: the low halves of the arguments
_X32 = 0x40000000
_LAST_KNOWN = 461
_CLONE_THREAD = 0x10000

# fmt: off
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # to other machines and other programs
    "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200), "connect": (42, 203), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "recvfrom": (45, 207), "recvmsg": (47, 212), "recvmmsg": (299, 243), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # into other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "setsid": (112, 157), "setpgid": (109, 154), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setattr": (314, 274),
    "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    # other programs
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    # another view of the system
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "capset": (126, 91),
    # deep into the kernel
    "bpf": (321, 280), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "reboot": (169, 142), "acct": (163, 89), "syslog": (103, 116), "ioperm": (173, None), "iopl": (172, None),
    "modify_ldt": (154, None), "personality": (135, 92), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "clock_adjtime": (305, 266), "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    "vhangup": (153, 58), "memfd_secret": (447, 447),
    # files: names that appear, and changes that Landlock does not know
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "inotify_init": (253, None), "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "truncate": (76, 45), "mkdir": (83, None),
    "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None),
    "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37), "symlink": (88, None),
    "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33), "creat": (85, None),
}
# fmt: on
_ABSENT = {"clone3": (435, 435), "openat2": (437, 437)}
"""Their arguments lie in memory, where a filter cannot look: libraries then take the older calls."""
_CLONE = (56, 220)
_TO_PROCESS = {"kill": (62, 129), "tgkill": (234, 131)}
_PRLIMIT = (302, 261)
_IOCTL = (16, 29)
_FCNTL = (72, 25)
_TYPING = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX: keys pressed at a terminal in somebody's name
_SIGNALLING = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: have the kernel send a signal

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def known_machine(machine: str) -> bool:
    """Whether there is a filter for machines of this kind (`uname -m`)."""
    return machine in _ARCHITECTURES


def refuse(machine: str) -> None:
    """From here on refuse them, in this process and all it starts. OSError, KeyError; needs no_new_privs and no other thread."""
    code = assemble(machine, os.getpid())
    program = _Program(len(code) // 8, code)
    if _libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def assemble(machine: str, pid: int) -> bytes:
    """The filter for a machine and the one process that signals may go to. KeyError for a machine that is not known."""
    which = list(_ARCHITECTURES).index(machine) if machine in _ARCHITECTURES else None
    if which is None:
        raise KeyError(machine)
    return b"".join(struct.pack("=HBBI", *each) for each in _instructions(machine, which, pid))


_Instruction = tuple[int, int, int, int]


def _instructions(machine: str, which: int, pid: int) -> Iterator[_Instruction]:
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield from _unless(_EQUAL, _ARCHITECTURES[machine], _KILL)
    yield _LOAD, 0, 0, _NUMBER
    yield from _where(_AT_LEAST, _X32, _KILL)
    yield from _where(_ABOVE, _LAST_KNOWN, _ERRNO | errno.ENOSYS)
    for numbers in _ABSENT.values():
        yield from _where(_EQUAL, numbers[which], _ERRNO | errno.ENOSYS)
    for both in _REFUSED.values():
        if (number := both[which]) is not None:
            yield from _where(_EQUAL, number, _ERRNO | errno.EPERM)
    yield from _only(_CLONE[which], _FIRST, _ANY_BIT, (_CLONE_THREAD,))
    for numbers in _TO_PROCESS.values():
        yield from _only(numbers[which], _FIRST, _EQUAL, (pid,))
    yield from _only(_PRLIMIT[which], _FIRST, _EQUAL, (0, pid))
    yield from _never(_IOCTL[which], _SECOND, _TYPING)
    yield from _never(_FCNTL[which], _SECOND, _SIGNALLING)
    yield _RETURN, 0, 0, _ALLOW


def _where(test: int, value: int, then: int) -> Iterator[_Instruction]:
    yield test, 0, 1, value
    yield _RETURN, 0, 0, then


def _unless(test: int, value: int, then: int) -> Iterator[_Instruction]:
    yield test, 1, 0, value
    yield _RETURN, 0, 0, then


def _only(number: int, argument: int, test: int, values: tuple[int, ...]) -> Iterator[_Instruction]:
    """The call is allowed with one of these values as its argument, else refused."""
    yield _EQUAL, 0, 2 + 2 * len(values), number
    yield _LOAD, 0, 0, argument
    for value in values:
        yield from _where(test, value, _ALLOW)
    yield _RETURN, 0, 0, _ERRNO | errno.EPERM


def _never(number: int, argument: int, values: tuple[int, ...]) -> Iterator[_Instruction]:
    """The call is refused with one of these values as its argument, else allowed."""
    yield _EQUAL, 0, 2 + 2 * len(values), number
    yield _LOAD, 0, 0, argument
    for value in values:
        yield from _where(_EQUAL, value, _ERRNO | errno.EPERM)
    yield _RETURN, 0, 0, _ALLOW
