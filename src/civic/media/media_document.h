/* media_document.h: PDF files that people attach to what they write.
 *
 * A document goes the way of a picture (media.h): through a sandboxed worker (document_process), which counts its pages and draws the
 * first one; the file and that picture into the store; then a row, in the transaction of whatever it belongs to. The file is kept and
 * given out as it came, to be saved and opened by the reader's own program: so what is active in it (scripts, embedded files, links that start
 * programs) is refused at the door. Who may see a document is decided by the guard of its subject (media_routes.h), as for pictures. */
#ifndef LILONG_CIVIC_MEDIA_DOCUMENT_H
#define LILONG_CIVIC_MEDIA_DOCUMENT_H

#include "civic/media/media.h"

enum { DOCUMENT_BYTES_MAX = 15 << 20, DOCUMENT_PAGES_MAX = 500, DOCUMENT_NAME_MAX = 80, DOCUMENTS_MAX = 3 };

enum document_refusal {
    DOCUMENT_FINE,
    DOCUMENT_EMPTY,
    DOCUMENT_BYTES,     /* more than DOCUMENT_BYTES_MAX */
    DOCUMENT_UNKNOWN,   /* not a PDF file, whatever its name says */
    DOCUMENT_ENCRYPTED, /* opens with a password only */
    DOCUMENT_PAGES,     /* more than DOCUMENT_PAGES_MAX */
    DOCUMENT_ACTIVE,    /* scripts, embedded files, films, links that start programs */
    DOCUMENT_SLOW,      /* took longer than it may */
    DOCUMENT_BROKEN,    /* damaged, did not arrive whole, needs too much memory, or made the worker fail */
    DOCUMENT_REFUSALS
};

/* Is there a program that opens documents? *ret_path: where it stands, or where it is looked for first. Without it document_process() says E_IO. */
bool document_program_found(struct arena *a, struct str *ret_path);

struct document_read {
    enum document_refusal refusal;
    int64_t pages, width, height; /* of the first page's picture */
    struct str full, thumb;       /* JPEG */
};

/* Blocks for some 50-500 ms: from route.before and commands only. OK; E_INVALID (E_TOO_LARGE for DOCUMENT_BYTES) with ret->refusal set; E_BUSY when
 * the queue is full or memory is short; E_IO when no worker can be started. */
enum result document_process(struct media_workers *workers, struct str upload, struct arena *a,
                             struct document_read *ret) MUST_USE;

/* A name that is safe to show and to save under: at most DOCUMENT_NAME_MAX characters, no folders, no signs that are invisible, turn the direction
 * of writing or mean something to a file system; ends with ".pdf". Of a name of which nothing is left: "文件.pdf". */
struct str document_name(struct arena *a, struct str filename);

struct media_document {
    int64_t community, id;
    struct str subject_kind; /* "entry" */
    int64_t subject;
    int64_t position;
    struct str name;         /* document_name() */
    struct str hash;         /* of the file */
    int64_t bytes, pages;
    struct str picture;      /* the first page: hash of a picture in the store */
    int64_t width, height;   /* of it */
    int64_t author;          /* person */
    int64_t created_at;
    bool hidden;
};
struct document_list { struct media_document *document; size_t n; };

/* Adds a row for what the store has; fills in id, when 0. E_INVALID: no subject, no hash, no name. */
enum result document_attach(struct db *db, struct media_document *document) MUST_USE;
enum result document_get(struct db *db, int64_t community, int64_t id, struct media_document *ret_document) MUST_USE;
/* By position. Hidden ones are in the list. */
enum result document_of_subject(struct db *db, int64_t community, struct str subject_kind, int64_t subject,
                                struct document_list *ret_list) MUST_USE;
/* Of at most MEDIA_COVERS_MAX subjects, ordered by subject. Hidden ones are in the list. */
enum result document_of_subjects(struct db *db, int64_t community, struct str subject_kind, const int64_t *subjects, size_t n,
                                 struct document_list *ret_list) MUST_USE;
enum result document_set_hidden(struct db *db, int64_t community, int64_t id, bool hidden) MUST_USE; /* E_NOT_FOUND */
/* It belongs to another subject from now on: a draft has been sent. E_NOT_FOUND. */
enum result document_move(struct db *db, int64_t community, int64_t id, struct str subject_kind, int64_t subject) MUST_USE;
/* The row goes now, the files with the next sweep when no other row has them. E_NOT_FOUND. */
enum result document_remove(struct db *db, int64_t community, int64_t id) MUST_USE;

#endif
