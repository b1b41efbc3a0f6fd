/* sandbox.c: see sandbox.h. */
#include "engine/base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Landlock by the numbers of the kernel's interface, because the headers of Debian 12 know only its first versions. */
struct landlock_ruleset {
    uint64_t fs, net, scoped;
};
struct landlock_path {
    uint64_t access;
    int32_t parent_fd;
} __attribute__((packed));

enum { LANDLOCK_VERSION_FLAG = 1, LANDLOCK_PATH_BENEATH = 1 };
#define LANDLOCK_FS_READ ((UINT64_C(1) << 2) | (UINT64_C(1) << 3)) /* READ_FILE, READ_DIR */
#define LANDLOCK_FS_READ_FILE (UINT64_C(1) << 2)

static uint64_t landlock_fs_all(long version)
{
    if (version >= 5)
        return (UINT64_C(1) << 16) - 1; /* ... and ioctl on devices */
    if (version >= 3)
        return (UINT64_C(1) << 15) - 1; /* ... and truncate */
    if (version >= 2)
        return (UINT64_C(1) << 14) - 1; /* ... and refer */
    return (UINT64_C(1) << 13) - 1;
}

static bool landlock_allow(int ruleset, const char *path)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR;
    int dir = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY);
    struct landlock_path rule = {.access = dir >= 0 ? LANDLOCK_FS_READ : LANDLOCK_FS_READ_FILE, .parent_fd = fd};
    bool good = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_BENEATH, &rule, 0) == 0;
    if (dir >= 0)
        close(dir);
    close(fd);
    return good;
}

/* OK and *ret_stands false where the kernel has no Landlock. */
static enum result enter_landlock(const struct sandbox *sandbox, bool *ret_stands)
{
    *ret_stands = false;
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);
    if (version < 1)
        return OK;
    struct landlock_ruleset rules = {.fs = landlock_fs_all(version)};
    size_t size = sizeof(rules.fs);
    if (version >= 4) {
        rules.net = 3; /* bind and connect by TCP */
        size += sizeof(rules.net);
    }
    if (version >= 6) {
        rules.scoped = 3; /* abstract sockets and signals to processes outside */
        size += sizeof(rules.scoped);
    }
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (ruleset < 0)
        return E_IO;
    bool good = true;
    if (sandbox->file_reads) {
        for (size_t i = 0; i < sandbox->n_readable; i++)
            good = good && landlock_allow(ruleset, sandbox->readable[i]);
    }
    good = good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    *ret_stands = good;
    return good ? OK : E_IO;
}

static bool limit(int what, rlim_t value)
{
    struct rlimit l = {value, value};
    return setrlimit(what, &l) == 0;
}

static bool enter_limits(const struct sandbox *sandbox)
{
    bool good = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_MEMLOCK, 0);
    if (sandbox->memory && !SANITIZED)
        good = good && limit(RLIMIT_AS, sandbox->memory);
    if (sandbox->cpu_seconds)
        good = good && limit(RLIMIT_CPU, sandbox->cpu_seconds);
    /* The descriptors that are open stay; the limit is on new ones. */
    return good && limit(RLIMIT_NOFILE, sandbox->descriptors);
}

/* What computing and memory need. */
static const int calls_always[] = {
    SCMP_SYS(exit),         SCMP_SYS(exit_group),   SCMP_SYS(read),
    SCMP_SYS(write),        SCMP_SYS(close),        SCMP_SYS(munmap),
    SCMP_SYS(mremap),       SCMP_SYS(madvise),      SCMP_SYS(brk),
    SCMP_SYS(futex),        SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack),  SCMP_SYS(getpid),
    SCMP_SYS(gettid),       SCMP_SYS(getrandom),    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(sched_yield),  SCMP_SYS(restart_syscall),
};

/* What finding and reading fonts needs in addition. */
static const int calls_reading[] = {
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(lseek),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(getdents64),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(prlimit64),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(fadvise64),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
};

static bool allow_all(scmp_filter_ctx filter, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        /* A number that this architecture does not have is negative: nothing to allow. */
        if (calls[i] >= 0 && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    }
    return true;
}

/* With the bits of `mask` in argument `arg` all zero. */
static bool allow_without(scmp_filter_ctx filter, int call, unsigned arg, uint64_t mask)
{
    struct scmp_arg_cmp cmp = {.arg = arg, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = 0};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &cmp) == 0;
}

static bool enter_seccomp(const struct sandbox *sandbox)
{
    /* A sanitizer wants to read /proc before it reports; a refusal keeps its report, a kill would eat it. */
    bool soft = sandbox->file_reads || SANITIZED;
    scmp_filter_ctx filter = seccomp_init(soft ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS);
    if (filter == NULL)
        return false;
    bool good = allow_all(filter, calls_always, sizeof(calls_always) / sizeof(calls_always[0])) &&
                allow_without(filter, SCMP_SYS(mmap), 2, PROT_EXEC) &&
                allow_without(filter, SCMP_SYS(mprotect), 2, PROT_EXEC);
    /* abort() sends itself a signal. */
    struct scmp_arg_cmp self = {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)getpid()};
    good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self) == 0;
    if (sandbox->file_reads) {
        good = good && allow_all(filter, calls_reading, sizeof(calls_reading) / sizeof(calls_reading[0])) &&
               allow_without(filter, SCMP_SYS(openat), 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND) &&
               allow_without(filter, SCMP_SYS(open), 1, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND);
        struct scmp_arg_cmp fd_flags[] = {{.arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_GETFD},
                                          {.arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_SETFD},
                                          {.arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_GETFL}};
        for (size_t i = 0; i < 3; i++)
            good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, &fd_flags[i]) == 0;
        /* Threads, not processes. clone3 hides its flags from the filter: ENOSYS makes the C library use clone. */
        struct scmp_arg_cmp thread = {
            .arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = CLONE_THREAD, .datum_b = CLONE_THREAD};
        good = good && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &thread) == 0 &&
               seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    }
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

enum result sandbox_enter(const struct sandbox *sandbox, unsigned *ret_steps)
{
    bool landlock = false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return E_IO;
    enum result r = enter_landlock(sandbox, &landlock);
    if (r != OK)
        return r;
    if (!enter_limits(sandbox) || !enter_seccomp(sandbox))
        return E_IO;
    if (ret_steps)
        *ret_steps = SANDBOX_LIMITS | SANDBOX_SECCOMP | (landlock ? SANDBOX_LANDLOCK : 0u);
    return OK;
}
