/* peers.c: addresses: who is a trusted proxy, who is behind it, how many connections each has. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "engine/http/private.h"

static void unmap(struct address *a)
{
    static const unsigned char prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    if (a->family == AF_INET6 && memcmp(a->bytes, prefix, sizeof(prefix)) == 0) {
        memmove(a->bytes, a->bytes + 12, 4);
        memset(a->bytes + 4, 0, 12);
        a->family = AF_INET;
    }
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80". */
bool address_parse(struct str text, struct address *ret_address)
{
    struct address a = {0};
    char buffer[INET6_ADDRSTRLEN];
    size_t at;

    text = str_trim(text);
    if (text.len && text.ptr[0] == '[') {
        at = str_find(text, STR("]"));
        if (at == SIZE_MAX || (at + 1 < text.len && text.ptr[at + 1] != ':'))
            return false;
        text = str_sub(text, 1, at - 1);
    } else {
        at = str_find(text, STR(":"));
        if (at != SIZE_MAX && str_find(str_sub(text, at + 1, text.len), STR(":")) == SIZE_MAX)
            text = str_sub(text, 0, at);
    }
    if (text.len == 0 || text.len >= sizeof(buffer) || memchr(text.ptr, 0, text.len))
        return false;
    memcpy(buffer, text.ptr, text.len);
    buffer[text.len] = 0;
    if (inet_pton(AF_INET, buffer, a.bytes) == 1)
        a.family = AF_INET;
    else if (inet_pton(AF_INET6, buffer, a.bytes) == 1)
        a.family = AF_INET6;
    else
        return false;
    unmap(&a);
    *ret_address = a;
    return true;
}

void address_from(const struct sockaddr *from, struct address *ret_address)
{
    struct address a = {0};

    if (from && from->sa_family == AF_INET) {
        a.family = AF_INET;
        memcpy(a.bytes, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    } else if (from && from->sa_family == AF_INET6) {
        a.family = AF_INET6;
        memcpy(a.bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
        unmap(&a);
    }
    *ret_address = a;
}

void address_print(const struct address *address, char text[INET6_ADDRSTRLEN])
{
    if (!address->family || !inet_ntop(address->family, address->bytes, text, INET6_ADDRSTRLEN))
        memcpy(text, "unknown", 8);
}

bool address_loopback(const struct address *address)
{
    static const unsigned char one[16] = {[15] = 1};

    return (address->family == AF_INET && address->bytes[0] == 127) ||
           (address->family == AF_INET6 && memcmp(address->bytes, one, 16) == 0);
}

enum result networks_parse(const char *const *texts, size_t n, struct network **ret_networks)
{
    struct network *list = calloc(n ? n : 1, sizeof(*list));

    if (!list)
        return E_BUSY;
    for (size_t i = 0; i < n; i++) {
        struct str rest = str_from_cstr(texts[i]), host;
        int64_t bits = -1;

        if (!str_cut(&rest, '/', &host) || !address_parse(host, &list[i].address)) {
            free(list);
            return E_INVALID;
        }
        int64_t all = list[i].address.family == AF_INET ? 32 : 128;

        if (rest.len && str_int64(rest, 0, all, &bits) != OK) {
            free(list);
            return E_INVALID;
        }
        list[i].bits = (unsigned)(bits < 0 ? all : bits);
    }
    *ret_networks = list;
    return OK;
}

bool networks_have(const struct network *networks, size_t n, const struct address *address)
{
    for (size_t i = 0; i < n; i++) {
        const struct network *w = &networks[i];
        unsigned whole = w->bits / 8, part = w->bits % 8;

        if (w->address.family != address->family || memcmp(w->address.bytes, address->bytes, whole) != 0)
            continue;
        if (part == 0 || ((w->address.bytes[whole] ^ address->bytes[whole]) >> (8 - part)) == 0)
            return true;
    }
    return false;
}

/* ---- how many each has. An IPv6 client owns a /64, so that is what counts. ---- */

static struct address counted(const struct address *address)
{
    struct address a = *address;

    if (a.family == AF_INET6)
        memset(a.bytes + 8, 0, 8);
    return a;
}

static struct peer **find(struct http_server *s, const struct address *a)
{
    uint64_t hash = 1469598103934665603u;
    struct peer **at;

    for (size_t i = 0; i < sizeof(a->bytes); i++)
        hash = (hash ^ a->bytes[i]) * 1099511628211u;
    at = &s->peers[(hash ^ hash >> 32) % PEER_BUCKETS];
    while (*at && ((*at)->address.family != a->family || memcmp((*at)->address.bytes, a->bytes, 16) != 0))
        at = &(*at)->next;
    return at;
}

unsigned peers_count(struct http_server *s, const struct address *address)
{
    struct address a = counted(address);
    struct peer *p;
    unsigned n;

    pthread_mutex_lock(&s->peers_lock);
    p = *find(s, &a);
    n = p ? p->n : 0;
    pthread_mutex_unlock(&s->peers_lock);
    return n;
}

bool peers_enter(struct http_server *s, const struct address *address, unsigned max)
{
    struct address a = counted(address);
    struct peer **at;
    bool ok;

    pthread_mutex_lock(&s->peers_lock);
    at = find(s, &a);
    if (!*at) {
        *at = calloc(1, sizeof(**at));
        if (*at)
            (*at)->address = a;
    }
    ok = *at && (*at)->n < max;
    if (ok)
        (*at)->n++;
    pthread_mutex_unlock(&s->peers_lock);
    return ok;
}

void peers_leave(struct http_server *s, const struct address *address)
{
    struct address a = counted(address);
    struct peer **at, *p;

    pthread_mutex_lock(&s->peers_lock);
    at = find(s, &a);
    p = *at;
    if (p && --p->n == 0) {
        *at = p->next;
        free(p);
    }
    pthread_mutex_unlock(&s->peers_lock);
}

void peers_free(struct http_server *s)
{
    for (size_t i = 0; i < PEER_BUCKETS; i++)
        while (s->peers[i]) {
            struct peer *p = s->peers[i];

            s->peers[i] = p->next;
            free(p);
        }
}

/* ---- behind proxies ---- */

/* The last element of a comma-separated list; *list becomes what stands before it. */
static bool take_last(struct str *list, struct str *ret_last)
{
    size_t at = list->len;

    if (!list->len)
        return false;
    while (at && list->ptr[at - 1] != ',')
        at--;
    *ret_last = str_trim(str_sub(*list, at, list->len - at));
    list->len = at ? at - 1 : 0;
    return true;
}

/* Each proxy appends the address it got the request from, so what it wrote is at the right; the first address from there
 * that is no proxy of ours is the client, and everything left of it is hearsay. */
static void resolve_for(struct exchange *e)
{
    struct http_server *s = e->p.server;
    struct address a;
    bool found = false;

    for (size_t i = e->p.n_headers; i-- > 0;) {
        struct str list = e->p.headers[i].value, last;

        if (!str_eq_ci(e->p.headers[i].name, STR("X-Forwarded-For")))
            continue;
        while (take_last(&list, &last)) {
            struct address next;

            if (!address_parse(last, &next))
                goto done;
            a = next;
            found = true;
            if (!networks_have(s->trusted, s->n_trusted, &a))
                goto done;
        }
    }
done:
    if (found) {
        char *text = arena_array(e->x.arena, char, INET6_ADDRSTRLEN);

        address_print(&a, text);
        e->x.peer = str_from_cstr(text);
    }
}

void peers_resolve(struct exchange *e)
{
    struct str last;

    e->x.peer = str_from_cstr(e->p.connection->peer);
    e->x.secure = false;
    if (!e->p.connection->trusted)
        return;
    resolve_for(e);
    for (size_t i = e->p.n_headers; i-- > 0;) {
        struct str list = e->p.headers[i].value;

        if (str_eq_ci(e->p.headers[i].name, STR("X-Forwarded-Proto"))) {
            e->x.secure = take_last(&list, &last) && str_eq_ci(last, STR("https"));
            break;
        }
    }
}
