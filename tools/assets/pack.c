/* pack.c: compression and content hashes. */
#include <brotli/encode.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <zlib.h>

#include "assets.h"

static void out_of_memory(void)
{
    fputs("assets: out of memory\n", stderr);
    exit(2);
}

struct str pack_gzip(struct arena *a, struct str bytes)
{
    z_stream z = {0};

    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        out_of_memory();
    size_t room = deflateBound(&z, bytes.len);
    unsigned char *p = arena_array(a, unsigned char, room);
    z.next_in = (unsigned char *)(uintptr_t)bytes.ptr;
    z.avail_in = (unsigned)bytes.len;
    z.next_out = p;
    z.avail_out = (unsigned)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        out_of_memory();
    size_t n = room - z.avail_out;
    deflateEnd(&z);
    return (struct str){(char *)p, n};
}

struct str pack_brotli(struct arena *a, struct str bytes)
{
    size_t room = BrotliEncoderMaxCompressedSize(bytes.len);
    uint8_t *p = arena_array(a, uint8_t, room);

    if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.len,
                               (const uint8_t *)bytes.ptr, &room, p))
        out_of_memory();
    return (struct str){(char *)p, room};
}

struct str pack_sha256(struct arena *a, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (EVP_Digest(bytes.ptr ? bytes.ptr : "", bytes.len, digest, &n, EVP_sha256(), NULL) != 1)
        out_of_memory();
    return str_hex(a, (struct str){(char *)digest, n});
}
