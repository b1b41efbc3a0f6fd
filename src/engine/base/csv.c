/* csv.c: RFC 4180 in and out. See csv.h. */
#include "engine/base/csv.h"

#include <errno.h>
#include <iconv.h>

/* Well-formed UTF-8 without NUL: what a CSV file may hold (a carriage return is welcome here). */
static bool utf8_file(struct str s)
{
    size_t i = 0;

    while (i < s.len) {
        unsigned char c = (unsigned char)s.ptr[i];
        size_t more = c < 0x80              ? 0
                    : c >= 0xC2 && c < 0xE0 ? 1
                    : c >= 0xE0 && c < 0xF0 ? 2
                    : c >= 0xF0 && c < 0xF5 ? 3
                                            : 9;

        if (more == 9 || c == 0 || s.len - i <= more)
            return false;
        for (size_t k = 1; k <= more; k++)
            if (((unsigned char)s.ptr[i + k] & 0xC0) != 0x80)
                return false;
        unsigned char d = more ? (unsigned char)s.ptr[i + 1] : 0;
        if ((c == 0xE0 && d < 0xA0) || (c == 0xED && d >= 0xA0) || (c == 0xF0 && d < 0x90) || (c == 0xF4 && d >= 0x90))
            return false; /* overlong, surrogate, past U+10FFFF */
        i += more + 1;
    }
    return true;
}

static enum result convert(struct arena *a, const char *from, struct str bytes, struct str *ret_text)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1)
        return E_INVALID;

    if (bytes.len > SIZE_MAX / 4) {
        iconv_close(cd);
        return E_TOO_LARGE;
    }
    size_t room = bytes.len * 2 + 16; /* two bytes of GBK are three of UTF-8, four of GB18030 at most four */
    char *out = arena_array(a, char, room);
    char *in_at = (char *)bytes.ptr, *out_at = out;
    size_t in_left = bytes.len, out_left = room;
    size_t r = iconv(cd, &in_at, &in_left, &out_at, &out_left);
    iconv_close(cd);
    if (r == (size_t)-1 || in_left)
        return E_INVALID;

    struct str text = {out, room - out_left};
    if (!utf8_file(text))
        return E_INVALID;
    *ret_text = text;
    return OK;
}

enum result csv_text(struct arena *a, struct str bytes, struct str *ret_text)
{
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = str_sub(bytes, 3, bytes.len - 3);
    else if (str_starts(bytes, STR("\xFF\xFE")))
        return convert(a, "UTF-16LE", str_sub(bytes, 2, bytes.len - 2), ret_text);
    if (utf8_file(bytes)) {
        *ret_text = bytes;
        return OK;
    }
    return convert(a, "GB18030", bytes, ret_text);
}

/* Takes one field off the text; *ret_more says whether a comma follows it. */
static enum csv_fault take_field(struct csv *csv, struct str *ret_field, bool *ret_more)
{
    const char *p = csv->rest.ptr, *end = p + csv->rest.len, *start = p;

    if (p < end && *p == '"') {
        size_t doubled = 0;
        start = ++p;
        for (;; p++) {
            if (p == end)
                return CSV_QUOTE_OPEN;
            if (*p == '\n')
                csv->next_line++;
            if (*p == '"') {
                if (p + 1 == end || p[1] != '"')
                    break;
                doubled++;
                p++;
            }
        }
        struct str field = {start, (size_t)(p - start)};
        if (doubled) {
            char *copy = arena_array(csv->arena, char, field.len);
            size_t len = 0;
            for (size_t i = 0; i < field.len; i++) {
                copy[len++] = field.ptr[i];
                if (field.ptr[i] == '"')
                    i++;
            }
            field = (struct str){copy, len};
        }
        *ret_field = field;
        p++;
        if (p < end && *p != ',' && *p != '\r' && *p != '\n')
            return CSV_QUOTE_STRAY;
    } else {
        while (p < end && *p != ',' && *p != '\r' && *p != '\n') {
            if (*p == '"')
                return CSV_QUOTE_STRAY;
            p++;
        }
        *ret_field = (struct str){start, (size_t)(p - start)};
    }

    *ret_more = p < end && *p == ',';
    if (p < end) {
        if (*p == '\r' && p + 1 < end && p[1] == '\n')
            p++;
        if (*p != ',')
            csv->next_line++;
        p++;
    }
    csv->rest = (struct str){p, (size_t)(end - p)};
    return CSV_FINE;
}

/* Reads a row of any number of fields, `max` of them kept. */
static enum csv_fault take_row(struct csv *csv, struct str *fields, size_t max, size_t *ret_n, bool *ret_blank)
{
    size_t n = 0;
    bool more = true, blank = true;

    csv->line = csv->next_line;
    while (more) {
        struct str field;
        enum csv_fault fault = take_field(csv, &field, &more);
        if (fault != CSV_FINE) {
            csv->rest.len = 0; /* nobody knows where the next row begins */
            return fault;
        }
        field = str_trim(field);
        blank &= field.len == 0;
        if (n < max)
            fields[n] = field;
        n++;
    }
    *ret_n = n;
    *ret_blank = blank;
    return CSV_FINE;
}

enum result csv_open(struct arena *a, struct str text, struct csv *ret_csv)
{
    struct csv *csv = ret_csv;
    bool blank = true;
    size_t n = 0;

    memset(csv, 0, sizeof *csv);
    csv->arena = a;
    csv->rest = text;
    csv->line = csv->next_line = 1;
    while (blank) {
        if (!csv->rest.len) {
            csv->fault = CSV_EMPTY;
            return E_INVALID;
        }
        csv->fault = take_row(csv, csv->name, CSV_COLUMNS_MAX, &n, &blank);
        if (csv->fault != CSV_FINE)
            return E_INVALID;
    }
    if (n > CSV_COLUMNS_MAX) {
        csv->fault = CSV_TOO_MANY;
        return E_INVALID;
    }
    csv->columns = n;
    csv->field = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (csv->name[i].len && str_eq_ci(csv->name[i], csv->name[k])) {
                csv->fault = CSV_COLUMN_TWICE;
                csv->fault_column = csv->name[i];
                return E_INVALID;
            }
    return OK;
}

size_t csv_column(const struct csv *csv, const char *names)
{
    struct str rest = str_from_cstr(names), name;

    while (str_cut(&rest, ',', &name))
        for (size_t i = 0; i < csv->columns; i++)
            if (str_eq_ci(csv->name[i], name))
                return i;
    return SIZE_MAX;
}

enum result csv_need(struct csv *csv, const char *names, size_t *ret_column)
{
    size_t i = csv_column(csv, names);

    if (i == SIZE_MAX) {
        csv->fault = CSV_NO_COLUMN;
        csv->fault_column = str_from_cstr(names);
        return E_INVALID;
    }
    *ret_column = i;
    return OK;
}

enum result csv_next(struct csv *csv)
{
    size_t n = 0;
    bool blank = true;

    csv->fault = CSV_FINE;
    while (blank) {
        if (!csv->rest.len)
            return E_NOT_FOUND;
        csv->fault = take_row(csv, csv->field, csv->columns, &n, &blank);
        if (csv->fault != CSV_FINE)
            return E_INVALID;
    }
    if (n != csv->columns) {
        csv->fault = n < csv->columns ? CSV_TOO_FEW : CSV_TOO_MANY;
        return E_INVALID;
    }
    return OK;
}

struct str csv_field(const struct csv *csv, size_t column)
{
    return column < csv->columns ? csv->field[column] : STR_NONE;
}

void csv_begin(struct buf *b)
{
    buf_put(b, STR("\xEF\xBB\xBF"));
}

void csv_put(struct buf *b, struct str field, bool first)
{
    bool formula = field.len && memchr("=+-@\t\r", field.ptr[0], 6);
    bool quote = formula;

    for (size_t i = 0; i < field.len && !quote; i++)
        quote = field.ptr[i] == ',' || field.ptr[i] == '"' || field.ptr[i] == '\n' || field.ptr[i] == '\r';
    if (!first)
        buf_putc(b, ',');
    if (!quote) {
        buf_put(b, field);
        return;
    }
    buf_putc(b, '"');
    if (formula)
        buf_putc(b, '\'');
    for (size_t i = 0; i < field.len; i++) {
        if (field.ptr[i] == '"')
            buf_putc(b, '"');
        buf_putc(b, field.ptr[i]);
    }
    buf_putc(b, '"');
}

void csv_put_int(struct buf *b, int64_t n, bool first)
{
    if (!first)
        buf_putc(b, ',');
    buf_int(b, n);
}

void csv_put_real(struct buf *b, double d, int decimals, bool first)
{
    if (!first)
        buf_putc(b, ',');
    buf_printf(b, "%.*f", decimals, d);
}

void csv_end_row(struct buf *b)
{
    buf_put(b, STR("\r\n"));
}
