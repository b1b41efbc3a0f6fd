/* syncs_preload.h: counts fsync and fdatasync of a process, as LD_PRELOAD: `cc -shared -fPIC -x c bench/syncs_preload.h`. The count stands in the 8 bytes of the file that
 * $LILONG_SYNCS names. Its name ends in .h because it is no program of its own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint64_t *counter;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("LILONG_SYNCS");
    int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (fd < 0 || ftruncate(fd, sizeof(*counter)) != 0)
        return;
    void *p = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    counter = p == MAP_FAILED ? NULL : p;
}

static int pass_on(const char *name, int fd)
{
    int (*real)(int fd) = (int (*)(int))dlsym(RTLD_NEXT, name);

    if (counter)
        atomic_fetch_add(counter, 1);
    return real(fd);
}

int fsync(int fd)
{
    return pass_on("fsync", fd);
}

int fdatasync(int fd)
{
    return pass_on("fdatasync", fd);
}
