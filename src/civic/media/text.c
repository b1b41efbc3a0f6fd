/* text.c: what to tell a person whose photo or document was refused. */
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

enum text document_refusal_text(enum document_refusal refusal)
{
    static const enum text texts[DOCUMENT_REFUSALS] = {
        [DOCUMENT_FINE] = T_document_broken,         [DOCUMENT_EMPTY] = T_document_empty,
        [DOCUMENT_BYTES] = T_document_bytes,         [DOCUMENT_UNKNOWN] = T_document_unknown,
        [DOCUMENT_ENCRYPTED] = T_document_encrypted, [DOCUMENT_PAGES] = T_document_too_long,
        [DOCUMENT_ACTIVE] = T_document_active,       [DOCUMENT_SLOW] = T_document_slow,
        [DOCUMENT_BROKEN] = T_document_broken,
    };
    return texts[refusal];
}
