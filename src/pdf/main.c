/* main.c: lilong-pdf, which the server starts to have PDF files opened: `lilong-pdf worker pdf` (engine/base/worker.h). Not for people.
 *
 * A program of its own, so that the server is not linked with poppler: docs/dependencies.md. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>

#include "pdf/pdf.h"

static int run(struct str head, struct str body, char *out, size_t room, size_t *ret_len)
{
    struct pdf_limits limits;
    if (head.len != sizeof(limits)) /* a server of another version */
        return PDF_MEMORY;
    memcpy(&limits, head.ptr, sizeof(limits));
    /* Below the limit of the address space, which poppler shares. */
    struct arena *a = arena_open(pdf_worker_kind.sandbox.memory / 4);
    jmp_buf full;
    if (a == NULL)
        return PDF_MEMORY;
    if (setjmp(full) != 0)
        return PDF_MEMORY;
    arena_escape(a, &full);
    struct pdf pdf;
    enum pdf_code code = pdf_read(a, body, &limits, &pdf);
    if (code != PDF_OK)
        return code;
    struct pdf_reply reply = {pdf.pages, pdf.first.width, pdf.first.height, (uint32_t)pdf.first.full.len,
                              (uint32_t)pdf.first.thumb.len};
    size_t len = sizeof(reply) + pdf.first.full.len + pdf.first.thumb.len;
    if (len > room)
        return PDF_MEMORY;
    memcpy(out, &reply, sizeof(reply));
    memcpy(out + sizeof(reply), pdf.first.full.ptr, pdf.first.full.len);
    memcpy(out + sizeof(reply) + pdf.first.full.len, pdf.first.thumb.ptr, pdf.first.thumb.len);
    *ret_len = len;
    return PDF_OK;
}

/* poppler writes what it thinks of a file to standard error: strangers' words have no place in the server's log. */
static bool be_silent(void)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && dup2(fd, STDERR_FILENO) >= 0;
    if (fd > STDERR_FILENO)
        close(fd);
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 3 || !str_eq(str_from_cstr(argv[1]), STR("worker"))) {
        fputs("lilong-pdf is started by lilong, which has PDF files opened by it.\n", stderr);
        return 2;
    }
    if (!be_silent())
        return 1;
    struct worker_kind kind = pdf_worker_kind;
    kind.run = run;
    const struct worker_kind *const kinds[] = {&kind};
    return worker_main(kinds, 1, argv[2]);
}
