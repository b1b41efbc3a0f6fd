/* watch_fuzz.c: the first lines are words to watch for, the rest is the text. Hits lie inside the text, on the edges of characters, and each word is
 * found in itself. */
#include "civic/moderation/watch.h"
#include "fuzz/fuzz.h"

enum { WORDS = 8, HITS = 64 };

static bool edge(struct str text, size_t at)
{
    return at == text.len || ((unsigned char)text.ptr[at] & 0xc0) != 0x80;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t places[] = {1, 2};
    struct str rest = fuzz_str(data, size), line;
    struct watch_word word[WORDS];
    struct watch_hit hit[HITS];
    struct watch *w;
    size_t n = 0, hits;

    if (!str_utf8_text(rest))
        return 0; /* the form has refused it before */
    while (n < WORDS && str_cut(&rest, '\n', &line)) {
        word[n] = (struct watch_word){
            .place = (int64_t)(n % 3) + 1, .action = (enum watch_action)(n % 4), .word = line};
        n++;
    }
    w = watch_open(word, n);
    FUZZ_CHECK(w);
    hits = watch_find(w, places, 2, rest, hit, HITS);
    for (size_t i = 0; i < hits; i++) {
        FUZZ_CHECK(hit[i].from < hit[i].to && hit[i].to <= rest.len);
        FUZZ_CHECK(edge(rest, hit[i].from) && edge(rest, hit[i].to));
    }
    watch_close(w);
    if (n && watch_takes(word[0].word) && (w = watch_open(word, 1)) != NULL) {
        size_t found = watch_find(w, places, 2, word[0].word, hit, HITS);

        /* signs in the word itself may be more than a hit bridges: only short words are surely found */
        FUZZ_CHECK(found <= HITS && (found > 0 || word[0].word.len > 4));
        watch_close(w);
    }
    return 0;
}
