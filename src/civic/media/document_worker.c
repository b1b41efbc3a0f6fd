/* document_worker.c: the server's side of opening a PDF file. The other side is a program of its own, src/pdf. */
#include <stdio.h>
#include <unistd.h>

#include "civic/media/media_document.h"
#include "civic/media/pdf.h"
#include "civic/media/workers.h"

enum { SIDE = 1600, THUMB_SIDE = 320 };

const struct pdf_limits pdf_limits = {
    .pages_max = DOCUMENT_PAGES_MAX,
    .image = {.pixels_max = SIDE * SIDE,
              .side_max = SIDE,
              .side = SIDE,
              .thumb_side = THUMB_SIDE,
              .thumb_bytes = 15 * 1024,
              .quality = 82},
};

/* Fonts and character maps, for files that bring none of their own. */
static const char *const readable[] = {
    "/etc/fonts",     "/usr/share/fonts",   "/usr/local/share/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig",
    "/usr/share/xml", "/usr/share/poppler", "/usr/lib/locale",
};

const struct worker_kind pdf_worker_kind = {
    .name = "pdf",
    .sandbox = {.memory = (size_t)1024 * 1024 * 1024,
                .cpu_seconds = 10,
                .descriptors = 64,
                .file_reads = true,
                .readable = readable,
                .n_readable = sizeof(readable) / sizeof(readable[0])},
    .reply_max = 6 * 1024 * 1024,
    .timeout_ms = 8 * 1000,
};

/* As built, the program stands beside this one; installed, in ../lib/lilong. Where there is none, documents cannot be taken: the call says E_IO,
 * and everything else goes on. */
static bool program(char path[1200])
{
    static const char *const places[] = {"lilong-pdf", "../lib/lilong/lilong-pdf"};
    char self[1024];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    bool found = false;

    snprintf(path, 1200, "%s", places[0]);
    if (n <= 0)
        return false;
    self[n] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !found; i++) {
        snprintf(path, 1200, "%s/%s", self, places[i]);
        found = access(path, X_OK) == 0;
    }
    if (!found)
        snprintf(path, 1200, "%s/%s", self, places[0]);
    return found;
}

bool document_program_found(struct arena *a, struct str *ret_path)
{
    char path[1200];
    bool found = program(path);

    *ret_path = str_dup(a, str_from_cstr(path));
    return found;
}

enum result document_pool_open(const struct media_options *options, struct worker_pool **ret_pool)
{
    char path[1200];

    (void)program(path);
    return worker_pool_open(&pdf_worker_kind, 1, options->queue_max ? options->queue_max : 32,
                            options->pdf ? options->pdf : path, ret_pool);
}

static enum document_refusal refusal_of(int code)
{
    switch (code) {
    case PDF_OK: return DOCUMENT_FINE;
    case PDF_UNKNOWN: return DOCUMENT_UNKNOWN;
    case PDF_ENCRYPTED: return DOCUMENT_ENCRYPTED;
    case PDF_PAGES: return DOCUMENT_PAGES;
    case PDF_ACTIVE: return DOCUMENT_ACTIVE;
    case WORKER_TOO_SLOW: return DOCUMENT_SLOW;
    default: /* broken, out of its memory, crashed */ return DOCUMENT_BROKEN;
    }
}

/* The decoder may have been taken over by the very file: only two plain JPEGs of sane size and a sane number are believed. */
static bool take_reply(struct str reply, struct document_read *ret)
{
    struct pdf_reply head;
    if (reply.len < sizeof(head))
        return false;
    memcpy(&head, reply.ptr, sizeof(head));
    if ((uint64_t)sizeof(head) + head.full + head.thumb != reply.len || head.width > SIDE || head.height > SIDE ||
        head.pages == 0 || head.pages > pdf_limits.pages_max)
        return false;
    ret->pages = head.pages;
    ret->width = head.width;
    ret->height = head.height;
    ret->full = str_sub(reply, sizeof(head), head.full);
    ret->thumb = str_sub(reply, sizeof(head) + head.full, head.thumb);
    return image_is_plain_jpeg(ret->full, head.width, head.height) &&
           image_is_plain_jpeg_within(ret->thumb, THUMB_SIDE);
}

enum result document_process(struct media_workers *workers, struct str upload, struct arena *a,
                             struct document_read *ret)
{
    *ret = (struct document_read){.refusal = DOCUMENT_FINE};
    if (upload.len == 0 || upload.len > DOCUMENT_BYTES_MAX) {
        ret->refusal = upload.len ? DOCUMENT_BYTES : DOCUMENT_EMPTY;
        return upload.len ? E_TOO_LARGE : E_INVALID;
    }
    int code = 0;
    struct str reply = STR_NONE, limits = {(const char *)&pdf_limits, sizeof(pdf_limits)};
    enum result r = worker_call(workers->documents, limits, upload, a, &code, &reply);
    if (r != OK)
        return r;
    struct document_read read = {.refusal = refusal_of(code)};
    if (read.refusal == DOCUMENT_FINE && !take_reply(reply, &read))
        read.refusal = DOCUMENT_BROKEN;
    if (read.refusal != DOCUMENT_FINE) {
        ret->refusal = read.refusal;
        return E_INVALID;
    }
    *ret = read;
    return OK;
}
