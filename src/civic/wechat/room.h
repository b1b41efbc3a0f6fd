/* room.h: what the files of this room share. Nobody else includes it. */
#ifndef LILONG_CIVIC_WECHAT_ROOM_H
#define LILONG_CIVIC_WECHAT_ROOM_H

#include "civic/wechat/wechat.h"

/* Asks for the token of all processes: the same answer to all of them while it is good (stable_token). `force`: the one that was given is known. */
enum wechat_fault wechat_fetch_token(const struct wechat *w, struct arena *a, bool force, struct wechat_token *ret_token);
/* One message. `url` is a whole address of ours, or empty. */
enum wechat_sent wechat_send(const struct wechat *w, struct arena *a, struct str token, struct str openid, struct str words, int64_t at,
                             struct str url, int64_t *ret_error);

#endif
