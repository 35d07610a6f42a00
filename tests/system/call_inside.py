#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""call_inside PID NAME [ARGUMENT...] - makes a process make a system call, as its own code could.

Attaches as a debugger does, lets the process execute its own `syscall` instruction with other registers, and
puts everything back. Prints the result, "errno N", or "gone" if the process died of it. Arguments are
numbers, or texts that begin with a slash. Of x86-64 only.
"""
import ctypes
import errno
import os
import struct
import sys

CALLS = {"open": 2, "socket": 41, "bind": 49, "kill": 62, "execve": 59, "setuid": 105, "getpid": 39}
ATTACH, DETACH, GETREGS, SETREGS, SINGLESTEP = 16, 17, 12, 13, 9
FIELDS = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
          "fs_base gs_base ds es fs gs").split()
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, data=None):
    if libc.ptrace(request, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def registers(pid):
    buffer = ctypes.create_string_buffer(8 * len(FIELDS))
    ptrace(GETREGS, pid, buffer)
    return dict(zip(FIELDS, struct.unpack(f"{len(FIELDS)}Q", buffer.raw)))


def set_registers(pid, values):
    ptrace(SETREGS, pid, ctypes.create_string_buffer(
        struct.pack(f"{len(FIELDS)}Q", *(values[f] & 2**64 - 1 for f in FIELDS))))


def wait_stopped(pid):
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        print("gone")
        sys.exit(0)


def find_syscall(pid, rip):
    """The instruction it waits in lies just before rip; else the first one of its code."""
    with open(f"/proc/{pid}/mem", "rb", 0) as memory, open(f"/proc/{pid}/maps") as maps:
        memory.seek(rip - 2)
        if memory.read(2) == b"\x0f\x05":
            return rip - 2
        for line in maps:
            place, mode = line.split()[:2]
            start, end = (int(x, 16) for x in place.split("-"))
            if "x" not in mode or "[v" in line:
                continue
            memory.seek(start)
            at = memory.read(end - start).find(b"\x0f\x05")
            if at >= 0:
                return start + at
    raise SystemExit("no syscall instruction")


def main():
    pid, name, words = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    ptrace(ATTACH, pid)
    wait_stopped(pid)
    before = registers(pid)
    wanted, at = dict(before), before["rsp"] - 4096
    for field, word in zip(("rdi", "rsi", "rdx"), words):
        if word.startswith("/"):
            with open(f"/proc/{pid}/mem", "wb", 0) as memory:
                memory.seek(at)
                memory.write(word.encode() + b"\0")
            wanted[field], at = at, at - 256
        else:
            wanted[field] = int(word, 0)
    wanted.update(rax=CALLS[name], orig_rax=2**64 - 1, rip=find_syscall(pid, before["rip"]))
    set_registers(pid, wanted)
    ptrace(SINGLESTEP, pid)
    wait_stopped(pid)
    result = ctypes.c_long(registers(pid)["rax"]).value
    if result == -errno.ENOSYS and name != "getpid":  # stopped before the call: its second half
        ptrace(SINGLESTEP, pid)
        wait_stopped(pid)
        result = ctypes.c_long(registers(pid)["rax"]).value
    set_registers(pid, before)
    ptrace(DETACH, pid)
    print(f"errno {-result}" if -4096 < result < 0 else result)


main()
