/* sms.h: short messages, through the outbox, by the driver that the settings name. */
#ifndef LILONG_CIVIC_OUTBOX_SMS_H
#define LILONG_CIVIC_OUTBOX_SMS_H

#include <stdio.h>

#include "civic/outbox/outbox.h"
#include "engine/base/config.h"

struct sms;

/* console prints to `console` (standard output of the server): development only, refused unless the server listens on a loopback address.
 * http sends one POST to sms.http_url: the header "Authorization: Bearer TOKEN", "Idempotency-Key: ID", and the body that sms.http_body
 * describes. none: sms_put() refuses. E_INVALID: the settings do not make sense; ret_why says which. */
enum result sms_open(const struct config *config, FILE *console, struct arena *a, struct sms **ret_sms, struct str *ret_why) MUST_USE;
void sms_close(struct sms *sms); /* NULL does nothing */

/* The kind for outbox_deliver(); lives as long as sms. */
const struct outbox_kind *sms_kind(const struct sms *sms);

/* Writes a message into the outbox. `mobile` in normal form; `code` is the number in the text, for gateways that fill templates of their own,
 * or empty. E_BUSY with driver none: nothing can be sent. Past expires_at (0: never) it is not sent any more. */
enum result sms_put(struct db *db, const struct crypto_keys *keys, const struct sms *sms, struct str mobile, struct str text,
                    struct str code, int64_t now, int64_t expires_at) MUST_USE;

/* A message that is no code: it waits behind no code and holds none up, is tried for hours, and names the person whom it is for, so that a number
 * that is not in use any more (the gateway answers 410 Gone) can be switched off by outbox_kind.nobody. */
enum result sms_put_notice(struct db *db, const struct crypto_keys *keys, const struct sms *sms, int64_t person, struct str mobile,
                           struct str text, int64_t now, int64_t expires_at) MUST_USE;
const struct outbox_kind *sms_notice_kind(const struct sms *sms); /* to be copied, with `nobody` */
int64_t sms_person(const struct outbox_letter *letter);            /* of such a letter; 0: none */
bool sms_works(const struct sms *sms);                             /* there is a driver */

#endif
