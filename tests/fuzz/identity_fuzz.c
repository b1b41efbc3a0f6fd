/* identity_fuzz.c: numbers, names and texts as people type them: no crash, spans inside the text, nothing found twice after blotting. */
#include <setjmp.h>
#include <stdlib.h>

#include "civic/person/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size}, name;
    struct arena *a = arena_open(16 << 20);
    struct private_span span[16];
    struct document d;
    char mobile[12], code[19];

    if (a == NULL || size > 4096)
        return arena_close(a), 0;
    for (enum document_kind k = DOCUMENT_NONE; k <= DOCUMENT_PASSPORT; k++)
        if (document_parse(k, text, 20000, &d) == IDENTITY_FINE && str_from_cstr(d.number).len > 18)
            abort();
    if (mobile_parse(text, mobile) == IDENTITY_FINE && str_from_cstr(mobile).len != 11)
        abort();
    credit_code_parse(text, code);
    if (person_name_parse(a, text, &name) == IDENTITY_FINE) {
        struct str again;
        if (person_name_parse(a, name, &again) != IDENTITY_FINE || !str_eq(name, again))
            abort();
        person_name_mask(a, name);
    }
    document_mask(a, text);
    size_t n = private_find(text, span, 16);
    for (size_t i = 0, end = 0; i < n && i < 16; i++) {
        if (span[i].from < end || span[i].len == 0 || span[i].len > size - span[i].from)
            abort();
        end = span[i].from + span[i].len;
    }
    if (n <= 64 && private_find(private_blot(a, text), span, 16) > n)
        abort();
    arena_close(a);
    return 0;
}
