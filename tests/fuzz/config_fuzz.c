/* config_fuzz.c: a file of settings: it is taken, or every fault of it is said; what was taken and printed is taken again as the same. */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/config.h"

static enum result load(struct arena *a, struct str bytes, struct config *c, struct str *ret_problems)
{
    int fd = memfd_create("settings", MFD_CLOEXEC);
    struct str path = str_printf(a, "/proc/self/fd/%d", fd);
    struct config_input input = {.file = str_cstr(a, path)};
    enum result r;

    FUZZ_CHECK(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len && lseek(fd, 0, SEEK_SET) == 0);
    r = config_load(a, &input, c, ret_problems);
    close(fd);
    return r;
}

/* All lines but the comments, which say where a value came from. */
static struct str printed(struct arena *a, const struct config *c)
{
    struct str rest, line;
    struct buf all, kept;

    buf_init(&all, a, 0, 4 << 20);
    buf_init(&kept, a, 0, 4 << 20);
    config_print(c, &all);
    rest = buf_str(&all);
    while (str_cut(&rest, '\n', &line))
        if (!str_starts(line, STR("#"))) {
            buf_put(&kept, line);
            buf_put(&kept, STR("\n"));
        }
    return buf_str(&kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(64 << 20);
    jmp_buf full;

    if (a && size <= 1 << 16 && setjmp(full) == 0) {
        struct str problems = STR_NONE, text;
        struct config c, again;
        enum result r;

        arena_escape(a, &full);
        r = load(a, fuzz_str(data, size), &c, &problems);
        FUZZ_CHECK(r == OK || r == E_INVALID);
        FUZZ_CHECK((r == OK) == (problems.len == 0));
        text = r == OK ? printed(a, &c) : STR_NONE;
        if (r == OK && str_find(text, STR("= ********")) == SIZE_MAX) { /* a secret is not printed */
            FUZZ_CHECK(load(a, text, &again, &problems) == OK);
            FUZZ_CHECK(str_eq(text, printed(a, &again)));
        }
    } else if (a && size <= 1 << 16) {
        FUZZ_CHECK(!"the arena was full"); /* nobody is there to catch it when the program starts */
    }
    arena_close(a);
    return 0;
}
