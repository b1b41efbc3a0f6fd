/* place_import.h: the tree, estates and dwellings from CSV. Every bad line is named; a file with bad lines changes nothing. */
#ifndef LILONG_CIVIC_PLACE_IMPORT_H
#define LILONG_CIVIC_PLACE_IMPORT_H

#include "civic/place/place.h"

struct import_fault { size_t line; const char *why; struct str what; }; /* English; the pages have their own words by `why` */
struct import_report {
    size_t rows, added, changed, same;
    size_t gone;                        /* places of the tree that the file does not have: left as they are */
    struct import_fault *fault; size_t n_faults; /* at most 100 are kept */
};

/* code,name,parent. The formal level 市辖区 is dropped. New codes are founded at `at`, names that differ are changed; codes that are
 * missing are counted only: a person says into what they went (place_succeed). E_INVALID when there are faults. */
enum result place_import_tree(struct db *db, struct str bytes, int64_t at, struct import_report *ret) MUST_USE;
/* The tree of Shanghai that is in the binary. */
struct str place_embedded_tree(void);
/* estate,address[,community]: 小区,地址,居村代码. */
enum result place_import_estates(struct db *db, int64_t community, struct str bytes, int64_t at, int64_t actor, struct import_report *ret) MUST_USE;
/* estate,building,staircase,room,area[,community]: 小区,楼栋,楼组,室号,面积. Makes estates and buildings that are not there. */
enum result place_import_dwellings(struct db *db, int64_t community, struct str bytes, int64_t at, int64_t actor, struct import_report *ret) MUST_USE;

#endif
