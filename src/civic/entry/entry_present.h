/* entry_present.h: entries as people read them: rows of a list, and what others have added to one. */
#ifndef LILONG_CIVIC_ENTRY_PRESENT_H
#define LILONG_CIVIC_ENTRY_PRESENT_H

#include "civic/entry/entry.h"
#include "civic/entry/views/entry_files.html.h"
#include "civic/entry/views/entry_row.html.h"
#include "civic/entry/views/entry_talk.html.h"

/* Rows with their first pictures, fetched in one go for each place. The state is left out: a kind fills it in where it has something to say. */
enum result entry_rows_fill(struct request *rq, const struct board *board, const struct entry_rows *rows,
                            struct entry_row_view **ret_rows) MUST_USE;
/* Comments (only those below `before`; 0: from the newest), thumbs and buttons of the entry that is the subject. reply: the comment that is being
 * answered, 0: none. */
enum result entry_talk_fill(struct request *rq, int64_t before, int64_t reply, struct entry_talk_view *ret) MUST_USE;
/* Pictures (but not those of how it was afterwards) and documents of the entry that is the subject, as everybody sees them: {{> entry_files files}}. */
enum result entry_files_fill(struct request *rq, struct entry_files_view *ret) MUST_USE;
/* The same of another subject, among the files of several. */
struct media_list;
struct document_list;
void entry_files_of(struct request *rq, int64_t community, const struct media_list *media, const struct document_list *documents,
                    int64_t subject, struct entry_files_view *ret);
struct str entry_initial(struct str name); /* for the round picture */
/* How a text begins, for a list: one line, Markdown's signs left out. */
struct str entry_beginning(struct arena *a, struct str body);

#endif
