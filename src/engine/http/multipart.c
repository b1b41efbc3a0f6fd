/* multipart.c: multipart/form-data (RFC 7578), read strictly.
 *
 * Strict where leniency has been an attack: the body begins with the boundary and ends with the closing one, lines end
 * with CRLF, a part has exactly one Content-Disposition with one name. Lenient where browsers differ: in a quoted string
 * WHATWG browsers write %22 for a quotation mark, curl and older ones \". */
#include "engine/http/form_private.h"
#include "engine/http/guard.h"

enum { PART_HEAD_MAX = 4096, PART_LINES_MAX = 16, NAME_MAX_BYTES = 512 };

/* Takes a token or a quoted string off the front of *rest. */
static bool take_value(struct arena *a, struct str *rest, struct str *ret_value)
{
    struct str s = *rest;
    char *out;
    size_t i = 1, n = 0;

    if (s.len == 0 || s.ptr[0] != '"') {
        i = 0;
        while (i < s.len && s.ptr[i] != ';' && s.ptr[i] != ' ' && s.ptr[i] != '\t')
            i++;
        *ret_value = str_sub(s, 0, i);
        *rest = str_sub(s, i, s.len - i);
        return i > 0;
    }
    out = arena_array(a, char, s.len);
    for (; i < s.len && s.ptr[i] != '"'; i++) {
        /* Only these two are escapes: old browsers send C:\photos\1.jpg as it is. */
        if (s.ptr[i] == '\\' && i + 1 < s.len && (s.ptr[i + 1] == '"' || s.ptr[i + 1] == '\\'))
            i++;
        out[n++] = s.ptr[i];
    }
    if (i >= s.len)
        return false;
    *ret_value = (struct str){out, n};
    *rest = str_sub(s, i + 1, s.len - i - 1);
    return true;
}

static void skip_blanks(struct str *s)
{
    while (s->len && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        *s = str_sub(*s, 1, s->len - 1);
}

/* The next "; name=value". False at the end; *ret_ok is false when it is malformed. */
static bool take_parameter(struct arena *a, struct str *rest, struct str *ret_name, struct str *ret_value, bool *ret_ok)
{
    size_t i = 0;

    *ret_ok = true;
    skip_blanks(rest);
    if (rest->len == 0)
        return false;
    *ret_ok = false;
    if (rest->ptr[0] != ';')
        return false;
    *rest = str_sub(*rest, 1, rest->len - 1);
    skip_blanks(rest);
    if (rest->len == 0) { /* a closing semicolon */
        *ret_ok = true;
        return false;
    }
    while (i < rest->len && rest->ptr[i] != '=')
        i++;
    *ret_name = str_sub(*rest, 0, i);
    if (i == rest->len || !guard_token(*ret_name))
        return false;
    *rest = str_sub(*rest, i + 1, rest->len - i - 1);
    *ret_ok = take_value(a, rest, ret_value);
    return *ret_ok;
}

/* %22, %0D and %0A, the only escapes that browsers write into names, and nothing else: a % may stand for itself. */
static struct str unescape_name(struct arena *a, struct str s)
{
    char *out;
    size_t n = 0;

    if (s.len == 0 || !memchr(s.ptr, '%', s.len))
        return s;
    out = arena_array(a, char, s.len);
    for (size_t i = 0; i < s.len; i++) {
        struct str escape = str_sub(s, i, 3);
        char c = str_eq(escape, STR("%22"))    ? '"'
               : str_eq_ci(escape, STR("%0d")) ? '\r'
               : str_eq_ci(escape, STR("%0a")) ? '\n'
                                               : 0;

        out[n++] = c ? c : s.ptr[i];
        if (c)
            i += 2;
    }
    return (struct str){out, n};
}

static struct str last_segment(struct str s)
{
    for (size_t i = s.len; i-- > 0;)
        if (s.ptr[i] == '/' || s.ptr[i] == '\\')
            return str_sub(s, i + 1, s.len - i - 1);
    return s;
}

static bool plain_line(struct str s)
{
    return s.len <= NAME_MAX_BYTES && form_text_ok(s) &&
           !(s.len && (memchr(s.ptr, '\r', s.len) || memchr(s.ptr, '\n', s.len)));
}

static enum result disposition(struct arena *a, struct str value, struct form_field *f, bool *ret_named)
{
    struct str rest = value, kind, name, text;
    bool ok, filename = false;

    if (!take_value(a, &rest, &kind) || !str_eq_ci(kind, STR("form-data")))
        return E_INVALID;
    while (take_parameter(a, &rest, &name, &text, &ok)) {
        if (str_eq_ci(name, STR("name"))) {
            if (*ret_named)
                return E_INVALID;
            *ret_named = true;
            f->name = unescape_name(a, text);
        } else if (str_eq_ci(name, STR("filename"))) {
            if (filename)
                return E_INVALID;
            filename = true;
            f->is_file = true;
            f->filename = last_segment(unescape_name(a, text));
        } else if (str_eq_ci(name, STR("filename*")) && !filename) {
            /* RFC 7578 forbids it; some libraries send nothing else. */
            struct str decoded;

            if (!str_starts(text, STR("UTF-8''")) || guard_decode(a, str_sub(text, 7, text.len), false, &decoded) != OK)
                return E_INVALID;
            f->is_file = true;
            f->filename = last_segment(decoded);
        }
    }
    return ok ? OK : E_INVALID;
}

/* The lines of a part between its boundary and the empty line. */
static enum result part_head(struct arena *a, struct str head, struct form_field *f)
{
    bool named = false, disposed = false;
    unsigned lines = 0;

    while (head.len) {
        size_t end = str_find(head, STR("\r\n"));
        struct str line = str_sub(head, 0, end), name, value;

        if (end == SIZE_MAX || end == 0 || ++lines > PART_LINES_MAX)
            return E_INVALID;
        head = str_sub(head, end + 2, head.len - end - 2);
        value = line;
        if (!str_cut(&value, ':', &name) || name.len == line.len || !guard_token(name) || !guard_value(value))
            return E_INVALID;
        value = str_trim(value);
        if (str_eq_ci(name, STR("Content-Disposition"))) {
            enum result r;

            if (disposed)
                return E_INVALID;
            disposed = true;
            r = disposition(a, value, f, &named);
            if (r != OK)
                return r;
        } else if (str_eq_ci(name, STR("Content-Type"))) {
            if (f->type.ptr)
                return E_INVALID;
            f->type = value;
        } else if (str_eq_ci(name, STR("Content-Transfer-Encoding"))) {
            if (!str_eq_ci(value, STR("binary")) && !str_eq_ci(value, STR("8bit")) && !str_eq_ci(value, STR("7bit")))
                return E_INVALID;
        }
    }
    return named && f->name.len && plain_line(f->name) && plain_line(f->filename) ? OK : E_INVALID;
}

static bool boundary_of(struct arena *a, struct str content_type, struct str *ret_boundary)
{
    struct str rest = content_type, kind, name, value, boundary = STR_NONE;
    bool ok;

    if (!take_value(a, &rest, &kind) || !str_eq_ci(kind, STR("multipart/form-data")))
        return false;
    while (take_parameter(a, &rest, &name, &value, &ok))
        if (str_eq_ci(name, STR("boundary"))) {
            if (boundary.ptr)
                return false;
            boundary = value;
        }
    if (!ok || boundary.len == 0 || boundary.len > 70 || boundary.ptr[boundary.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < boundary.len; i++) { /* RFC 2046 5.1.1 */
        unsigned char c = (unsigned char)boundary.ptr[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (c && strchr("'()+_,-./:=? ", c))))
            return false;
    }
    *ret_boundary = boundary;
    return true;
}

static size_t find_in(struct str s, struct str needle)
{
    const char *at = s.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;

    return at ? (size_t)(at - s.ptr) : SIZE_MAX;
}

enum result form_parse_multipart(struct arena *a, struct str content_type, struct str body, size_t files_max,
                                 struct form *ret_form)
{
    struct form form = {NULL, 0};
    struct str boundary, mark, rest = body;
    size_t files = 0, room = 0;

    if (!boundary_of(a, content_type, &boundary))
        return E_INVALID;
    mark = str_printf(a, "\r\n--" STR_FMT, STR_ARG(boundary));
    if (!str_starts(rest, str_sub(mark, 2, mark.len)))
        return E_INVALID;
    rest = str_sub(rest, mark.len - 2, rest.len);
    while (str_starts(rest, STR("\r\n"))) { /* a part begins */
        struct form_field f = {0};
        size_t end;
        enum result r;

        rest = str_sub(rest, 2, rest.len);
        end = find_in(str_sub(rest, 0, PART_HEAD_MAX), STR("\r\n\r\n"));
        if (end == SIZE_MAX)
            return E_INVALID;
        r = part_head(a, str_sub(rest, 0, end + 2), &f);
        if (r != OK)
            return r;
        /* From the second CRLF of the empty line on: the content may be empty, and its CRLF belongs to the boundary. */
        rest = str_sub(rest, end + 2, rest.len);
        end = find_in(str_sub(rest, 0, rest.len), mark);
        if (end == SIZE_MAX)
            return E_INVALID;
        if (end < 2) /* the empty line itself before the boundary: a part without content lacks one CRLF */
            return E_INVALID;
        f.value = str_sub(rest, 2, end - 2);
        rest = str_sub(rest, end + mark.len, rest.len);
        if (f.is_file && f.filename.len == 0 && f.value.len == 0)
            continue; /* nothing was chosen */
        if (f.is_file ? ++files > files_max : false)
            return E_TOO_LARGE;
        if (!f.is_file && !form_text_ok(f.value))
            return E_INVALID;
        if (form.n == FORM_FIELDS_MAX)
            return E_TOO_LARGE;
        if (form.n == room) {
            struct form_field *list = arena_array(a, struct form_field, room ? room * 2 : 16);

            if (form.n)
                memcpy(list, form.field, form.n * sizeof(*list));
            form.field = list;
            room = room ? room * 2 : 16;
        }
        form.field[form.n++] = f;
    }
    if (!str_eq(rest, STR("--\r\n")) && !str_eq(rest, STR("--")))
        return E_INVALID;
    *ret_form = form;
    return OK;
}
