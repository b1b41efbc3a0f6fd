/* pdf_names_fuzz.c: whatever is uploaded as PDF, looking for names in it ends with a code, and a name in the clear is found wherever it stands. */
#include <setjmp.h>
#include <stdlib.h>

#include "pdf/names.c" /* lilong-pdf is a program of its own, in no library */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct arena *a, struct str in)
{
    enum pdf_code code = pdf_names(a, in);

    if (code == PDF_OK && str_find(in, STR("/JavaScript")) != SIZE_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open((size_t)OBJECTS_MAX + (1 << 20));
    jmp_buf full;

    if (a == NULL)
        return 0;
    if (setjmp(full) == 0) {
        arena_escape(a, &full);
        look(a, (struct str){(const char *)data, size});
    }
    arena_close(a);
    return 0;
}
