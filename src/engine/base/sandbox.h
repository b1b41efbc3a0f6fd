/* sandbox.h: gives up, for good, everything that a process does not need for one piece of work.
 *
 * In order: no new privileges, limits, Landlock (files), seccomp (system calls). seccomp is never left out: where it
 * cannot be had, sandbox_enter() fails and the work is not done. Landlock is a second wall for file access and needs
 * Linux 5.13; without it the list of system calls still has no way to open anything (or, for `file_reads`, no way to write). */
#ifndef LILONG_BASE_SANDBOX_H
#define LILONG_BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/result.h"

struct sandbox {
    size_t memory;                /* address space in bytes; 0: no limit. Not set in sanitizer builds (their shadow needs it) */
    unsigned cpu_seconds;         /* then the kernel ends the process */
    unsigned descriptors;         /* 0: no new descriptor at all */
    bool file_reads;              /* may open files for reading, and start threads; an unknown system call fails with EPERM.
                                   * Without it an unknown system call ends the process. */
    const char *const *readable;  /* with file_reads: what may be read (Landlock); paths that do not exist are skipped */
    size_t n_readable;
};

enum sandbox_step { SANDBOX_LIMITS = 1, SANDBOX_LANDLOCK = 2, SANDBOX_SECCOMP = 4 };

/* For the whole calling process, which must have one thread. ret_steps (may be NULL) gets the walls that stand.
 * E_IO when a wall that must stand does not; the process should then end. There is no way back. */
enum result sandbox_enter(const struct sandbox *sandbox, unsigned *ret_steps) MUST_USE;

#endif
