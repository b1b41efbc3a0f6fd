/* passphrase.h: the first line of a file, for sealed backups. */
#ifndef LILONG_COMMAND_PASSPHRASE_H
#define LILONG_COMMAND_PASSPHRASE_H

#include "command/command.h"

/* At least 12 bytes without the line end; less is refused with words. */
enum exit_code passphrase_read(struct invocation *v, const char *path, struct str *ret_passphrase);

#endif
