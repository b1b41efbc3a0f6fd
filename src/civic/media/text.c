/* text.c: what to tell a person whose photo was refused. */
#include "civic/media/text.h"

enum text media_refusal_text(enum media_refusal refusal)
{
    static const enum text texts[MEDIA_REFUSALS] = {
        [MEDIA_FINE] = T_media_broken,       [MEDIA_EMPTY] = T_media_empty,   [MEDIA_BYTES] = T_media_bytes,
        [MEDIA_UNKNOWN] = T_media_unknown,   [MEDIA_HEIC] = T_media_heic,     [MEDIA_FORMAT] = T_media_format,
        [MEDIA_ANIMATED] = T_media_animated, [MEDIA_PIXELS] = T_media_pixels, [MEDIA_BROKEN] = T_media_broken,
    };
    return texts[refusal];
}
