/* test_files.h: folders for tests. */
#ifndef LILONG_TEST_FILES_H
#define LILONG_TEST_FILES_H

/* Removes a folder with all that is in it. Not 0: something stayed. */
int test_remove_tree(const char *path);

#endif
