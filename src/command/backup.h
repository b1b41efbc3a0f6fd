/* backup.h: the two halves of `lilong drill`: writing a backup and making an installation of it. */
#ifndef LILONG_COMMAND_BACKUP_H
#define LILONG_COMMAND_BACKUP_H

#include "command/command.h"

/* passphrase empty: not sealed. Both say on standard output what they did, on standard error what went wrong. */
enum exit_code backup_write(struct invocation *v, const char *to, struct str passphrase);
/* Into v->data_dir, and for a backup of PostgreSQL into the empty database of v->config.database.url. Verifies at the end. */
enum exit_code restore_read(struct invocation *v, const char *from, struct str passphrase);

#endif
