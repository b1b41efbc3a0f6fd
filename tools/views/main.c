/* main.c: views OUT [--assets FILE] [--list-unused] INPUTS...
 *
 * Runs from the root of the project; INPUTS are src/…/views/NAME.html and i18n/LANGUAGE/MODULE.txt. Below OUT it writes
 * …/views/NAME.html.h for each view, …/views.c for each folder of views, views.c with the table of all, and the catalogue
 * as engine/page/text.h and text.c. */
#include <stdlib.h>

#include "views.h"

int main(int argc, char **argv)
{
    struct views_job job = {0};

    job.input = calloc((size_t)argc, sizeof *job.input);
    if (!job.input)
        return 2;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--assets") == 0 && i + 1 < argc)
            job.assets = argv[++i];
        else if (strcmp(argv[i], "--list-unused") == 0)
            job.list_unused = true;
        else if (!job.out)
            job.out = argv[i];
        else
            job.input[job.n_inputs++] = argv[i];
    }
    if (!job.out) {
        fprintf(stderr, "usage: views OUT [--assets FILE] [--list-unused] INPUTS...\n");
        return 2;
    }
    int status = views_compile(&job, stderr);
    free(job.input);
    return status;
}
