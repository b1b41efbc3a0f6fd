/* replay.c: runs a fuzz target over the files of the folders that are given, and over the empty input. A folder that is not
 * there has no files. One that crashes ends the program: sanitizers say where. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data;
    long size;

    if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0) {
        fprintf(stderr, "%s cannot be read\n", path);
        return 1;
    }
    rewind(f);
    data = malloc((size_t)size + 1);
    if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
        fprintf(stderr, "%s cannot be read\n", path);
        return 1;
    }
    fclose(f);
    printf("[ RUN      ] %s\n", path);
    fflush(stdout);
    /* A copy of exactly that size, so that one byte too far is seen. */
    data = realloc(data, size ? (size_t)size : 1);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    printf("[       OK ] %s\n", path);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    puts("[       OK ] the empty input");
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        struct dirent *entry;

        while (dir && (entry = readdir(dir)) != NULL) {
            char path[4096];

            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
            failed |= replay(path);
        }
        if (dir)
            closedir(dir);
    }
    return failed;
}
