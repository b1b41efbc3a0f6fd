/* passphrase.c: see passphrase.h. */
#include "command/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { LEAST = 12, MOST = 1024 };

enum exit_code passphrase_read(struct invocation *v, const char *path, struct str *ret_passphrase)
{
    char *bytes = arena_array(v->arena, char, MOST + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, MOST + 1);
    struct str rest, line;
    int e = errno;

    if (fd >= 0)
        close(fd);
    if (n < 0) {
        invocation_complain(v, "%s cannot be read: %s", path, strerror(e));
        return EXIT_NO_INPUT;
    }
    rest = (struct str){bytes, (size_t)n};
    if (!str_cut(&rest, '\n', &line))
        line = STR_NONE;
    if (str_ends(line, STR("\r")))
        line.len--;
    if (line.len < LEAST || line.len > MOST) {
        invocation_complain(v, "the passphrase in %s has to have %d to %d bytes in its first line", path, LEAST, MOST);
        return EXIT_DATA;
    }
    *ret_passphrase = line;
    return EXIT_OK;
}
