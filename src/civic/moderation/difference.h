/* difference.h: what was changed between two versions of a text, by lines, words and characters. */
#ifndef LILONG_CIVIC_MODERATION_DIFFERENCE_H
#define LILONG_CIVIC_MODERATION_DIFFERENCE_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

enum part_kind { PART_SAME, PART_REMOVED, PART_ADDED };
struct text_part {
    enum part_kind kind;
    struct str text; /* in one of the two texts */
};
struct text_parts {
    struct text_part *part;
    size_t n;
};
/* Those that are the same and those that were added are `after`, those that are the same and those that were removed are `before`; what was
 * removed stands before what came instead. What two long texts do not have in common line by line is told as a whole. */
void text_difference(struct arena *a, struct str before, struct str after, struct text_parts *ret_parts);

#endif
