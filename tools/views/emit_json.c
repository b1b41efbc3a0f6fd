/* emit_json.c: the data of a view become the C function that writes them as JSON, and the JSON Schema of that JSON.
 *
 * Every declared field is there, but those with '-' in front; what is absent is null. So the keys are known here, and
 * the generated function writes them as literals, commas included. */
#include "views.h"

static void value_json(struct tool *t, struct buf *b, const struct type *type, struct str c, struct str has,
                       int indent);

/* c: C expression of a pointer to the struct. */
static void record_json(struct tool *t, struct buf *b, const struct record *r, struct str c, int indent)
{
    bool first = true;

    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        struct str has = STR_NONE;

        if (f->hidden)
            continue;
        put(b, "%*sjson_raw(j, STR(\"%s\\\"%.*s\\\":\"));\n", indent, "", first ? "{" : ",", STR_ARG(f->name));
        first = false;
        struct str value = str_printf(t->arena, STR_FMT "->" STR_FMT, STR_ARG(c), STR_ARG(f->name));
        if (record_of(&f->type) && !f->type.optional)
            value = str_printf(t->arena, "(&" STR_FMT ")", STR_ARG(value));
        if (f->type.optional && (f->type.kind == KIND_INT || f->type.kind == KIND_REAL))
            has = str_printf(t->arena, STR_FMT "->has_" STR_FMT, STR_ARG(c), STR_ARG(f->name));
        value_json(t, b, &f->type, value, has, indent);
    }
    put(b, "%*sjson_raw_end(j, STR(\"%s\"));\n", indent, "", first ? "{}" : "}");
}

static void value_json(struct tool *t, struct buf *b, const struct type *type, struct str c, struct str has, int indent)
{
    const char *absent = NULL; /* printf format of the condition under which a value is absent */

    switch (type->kind) {
    case KIND_TEXT: absent = "%.*s.len == 0"; break;
    case KIND_URL:
    case KIND_HTML: absent = "%.*s.s.len == 0"; break;
    case KIND_WORD: absent = "%.*s == T_none"; break;
    case KIND_TIME:
    case KIND_DAY:
    case KIND_ID: absent = "%.*s == 0"; break;
    case KIND_VIEW:
    case KIND_RECORD: absent = "!%.*s"; break;
    default: break;
    }
    if (type->optional) {
        struct buf test;
        buf_init(&test, t->arena, 128, TOOL_BUF_MAX);
        if (has.len)
            put(&test, "!%.*s", STR_ARG(has));
        else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            put(&test, absent, STR_ARG(c));
#pragma GCC diagnostic pop
        put(b, "%*sif (%.*s) {\n%*sjson_none(j);\n%*s} else {\n", indent, "", STR_ARG(buf_str(&test)), indent + 4, "",
            indent, "");
        indent += 4;
    }
    switch (type->kind) {
    case KIND_TEXT: put(b, "%*sjson_str(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_URL:
    case KIND_HTML: put(b, "%*sjson_str(j, %.*s.s);\n", indent, "", STR_ARG(c)); break;
    case KIND_WORD: put(b, "%*sjson_str(j, text_word(%.*s));\n", indent, "", STR_ARG(c)); break;
    case KIND_TIME: put(b, "%*sjson_time(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_DAY: put(b, "%*sjson_day(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_ID: put(b, "%*sjson_id(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_INT: put(b, "%*sjson_int(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_REAL: put(b, "%*sjson_double(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_BOOL: put(b, "%*sjson_bool(j, %.*s);\n", indent, "", STR_ARG(c)); break;
    case KIND_VIEW: put(b, "%*s%.*s_json(j, %.*s);\n", indent, "", STR_ARG(type->view->name), STR_ARG(c)); break;
    case KIND_RECORD: record_json(t, b, type->record, c, indent); break;
    case KIND_LIST: {
        int n = indent; /* unique among the loops around: each stands further right */
        struct str item = str_printf(t->arena, record_of(type->item) ? "v%d" : "(*v%d)", n);
        put(b, "%*sjson_open(j, '[');\n%*sfor (size_t i%d = 0; i%d < %.*s.n; i%d++) {\n", indent, "", indent, "", n, n,
            STR_ARG(c), n);
        put(b, "%*sconst __typeof__(*%.*s.v) *v%d = &%.*s.v[i%d];\n", indent + 4, "", STR_ARG(c), n, STR_ARG(c), n);
        if (type->item->kind == KIND_RECORD)
            put(b, "%*sjson_next(j);\n", indent + 4, "");
        value_json(t, b, type->item, item, STR_NONE, indent + 4);
        put(b, "%*s}\n%*sjson_close(j, ']');\n", indent, "", indent, "");
        break;
    }
    }
    if (type->optional) {
        indent -= 4;
        put(b, "%*s}\n", indent, "");
    }
}

void emit_json(struct tool *t, struct view *v, struct buf *b)
{
    put(b, "\nvoid %.*s_json(struct json *j, const struct %.*s_view *v0)\n{\n    (void)v0;\n    json_next(j);\n",
        STR_ARG(v->name), STR_ARG(v->name));
    record_json(t, b, &v->record, STR("v0"), 4);
    buf_put(b, STR("}\n"));
}

/* ---- schema ---- */

static void json_text(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            put(b, "\\%c", c);
        else if (c < 0x20)
            put(b, "\\u%04x", c);
        else
            buf_putc(b, (char)c);
    }
    buf_putc(b, '"');
}

static void schema_record(struct buf *b, const struct record *r, bool nullable);

static void schema_type(struct buf *b, const struct type *type, struct str doc)
{
    static const struct {
        enum kind kind;
        const char *type, *more;
    } rows[] = {
        {KIND_TEXT, "string", ""},
        {KIND_WORD, "string", ""},
        {KIND_TIME, "string", ",\"format\":\"date-time\""},
        {KIND_DAY, "string", ",\"format\":\"date\""},
        {KIND_ID, "string", ",\"pattern\":\"^[0-9]+$\""},
        {KIND_INT, "integer", ",\"format\":\"int64\""},
        {KIND_REAL, "number", ",\"format\":\"double\""},
        {KIND_BOOL, "boolean", ""},
        {KIND_URL, "string", ",\"format\":\"uri-reference\""},
        {KIND_HTML, "string", ",\"contentMediaType\":\"text/html\""},
    };

    buf_putc(b, '{');
    if (record_of(type)) {
        schema_record(b, record_of(type), type->optional);
    } else if (type->kind == KIND_LIST) {
        buf_put(b, STR("\"type\":\"array\",\"items\":"));
        schema_type(b, type->item, STR_NONE);
    } else {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (rows[i].kind == type->kind)
                put(b, type->optional ? "\"type\":[\"%s\",\"null\"]%s" : "\"type\":\"%s\"%s", rows[i].type,
                    rows[i].more);
    }
    if (doc.len) {
        buf_put(b, STR(",\"description\":"));
        json_text(b, doc);
    }
    buf_putc(b, '}');
}

static void schema_record(struct buf *b, const struct record *r, bool nullable)
{
    bool first = true;

    put(b, "\"type\":%s,\"properties\":{", nullable ? "[\"object\",\"null\"]" : "\"object\"");
    for (size_t i = 0; i < r->n; i++) {
        if (r->field[i].hidden)
            continue;
        put(b, "%s\"%.*s\":", first ? "" : ",", STR_ARG(r->field[i].name));
        schema_type(b, &r->field[i].type, r->field[i].doc);
        first = false;
    }
    buf_put(b, STR("},\"required\":["));
    first = true;
    for (size_t i = 0; i < r->n; i++)
        if (!r->field[i].hidden) {
            put(b, "%s\"%.*s\"", first ? "" : ",", STR_ARG(r->field[i].name));
            first = false;
        }
    buf_put(b, STR("],\"additionalProperties\":false"));
}

void emit_schema(struct tool *t, struct view *v, struct buf *b)
{
    struct buf s;

    buf_init(&s, t->arena, 4096, TOOL_BUF_MAX);
    buf_put(&s, STR("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":"));
    json_text(&s, v->name);
    if (v->doc.len) {
        buf_put(&s, STR(",\"description\":"));
        json_text(&s, v->doc);
    }
    buf_putc(&s, ',');
    schema_record(&s, &v->record, false);
    buf_putc(&s, '}');
    put(b, "\nconst struct view_info %.*s_info = {\n    \"%.*s\",\n    ", STR_ARG(v->name), STR_ARG(v->name));
    put_c_string(b, buf_str(&s), 4);
    buf_put(b, STR(",\n};\n"));
}
