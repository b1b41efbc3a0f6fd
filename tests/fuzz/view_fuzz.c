/* view_fuzz.c: the compiler of views refuses or takes whatever it is given, and always ends. It is no part of the library:
 * its files are read in here. */
#include "../../tools/views/body.c"
#include "../../tools/views/catalogue.c"
#include "../../tools/views/compile.c"
#include "../../tools/views/emit_html.c"
#include "../../tools/views/emit_json.c"
#include "../../tools/views/header.c"
#include "../../tools/views/labels.c"
#include "../../tools/views/markup.c"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;

    if (!nowhere)
        nowhere = fopen("/dev/null", "we");
    if (!nowhere || size > 64 << 10)
        return 0;
    views_check(fuzz_str(data, size), nowhere);
    return 0;
}
