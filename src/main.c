/* main.c: options and the command table. */
#include <stdio.h>

int main(void)
{
    fputs("lilong: no command is built in yet\n", stderr);
    return 64;
}
