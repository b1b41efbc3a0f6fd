/* text.h: what to tell a person whose photo or document was refused. */
#ifndef LILONG_MEDIA_TEXT_H
#define LILONG_MEDIA_TEXT_H

#include "civic/media/media_document.h"
#include "engine/page/text.h"

/* For request_invalid(). Only for a refusal, not for MEDIA_FINE. */
enum text media_refusal_text(enum media_refusal refusal);
enum text document_refusal_text(enum document_refusal refusal);

#endif
