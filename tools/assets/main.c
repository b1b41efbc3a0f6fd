/* main.c: assets OUT [INPUTS...]
 *
 * Runs from the root of the project. What is packed stands in assets/assets.txt; INPUTS are there for the build only. */
#include <unistd.h>

#include "assets.h"

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: assets OUT [INPUTS...]\n", stderr);
        return 2;
    }
    return assets_pack(argv[1], access("assets/assets.txt", F_OK) == 0 ? "assets/assets.txt" : NULL, stderr);
}
