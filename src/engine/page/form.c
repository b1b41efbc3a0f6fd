/* form.c: the built-ins of views that read the form state of the request. */
#include "engine/page/page.h"

static const struct form_value *value_find(const struct html *h, struct str name)
{
    if (h->form && !h->other)
        for (size_t i = 0; i < h->form->n_values; i++)
            if (str_eq(h->form->value[i].name, name))
                return &h->form->value[i];
    return NULL;
}

static const struct form_error *error_find(const struct html *h, struct str name)
{
    if (h->form && !h->other)
        for (size_t i = 0; i < h->form->n_errors; i++)
            if (str_eq(h->form->error[i].field, name))
                return &h->form->error[i];
    return NULL;
}

/* Line ends come back from a browser as two signs. */
static bool same_words(struct str a, struct str b)
{
    size_t i = 0, k = 0;

    for (;; i++, k++) {
        while (i < a.len && a.ptr[i] == '\r')
            i++;
        while (k < b.len && b.ptr[k] == '\r')
            k++;
        if (i >= a.len || k >= b.len)
            return i >= a.len && k >= b.len;
        if (a.ptr[i] != b.ptr[k])
            return false;
    }
}

/* Somebody else has edited it: what stands there now, when that is not what was typed. */
static void note_newer(struct html *h, struct str name, struct str typed, struct str now)
{
    if (!h->form->changed || h->n_newer == sizeof(h->newer) / sizeof(h->newer[0]))
        return;
    for (size_t i = 0; i < h->form->n_current; i++)
        if (str_eq(h->form->current[i].name, name))
            now = h->form->current[i].value;
    if (!same_words(typed, now))
        h->newer[h->n_newer++] = (struct form_value){name, now};
}

static const struct form_value *newer_find(const struct html *h, struct str name)
{
    for (size_t i = 0; i < h->n_newer && !h->other; i++)
        if (str_eq(h->newer[i].name, name))
            return &h->newer[i];
    return NULL;
}

/* Where the last `what` (it begins with <) begins; SIZE_MAX: nowhere. */
static size_t find_last(struct str s, struct str what)
{
    for (size_t i = s.len; i-- > 0;)
        if (s.ptr[i] == '<' && str_starts(str_sub(s, i, SIZE_MAX), what))
            return i;
    return SIZE_MAX;
}

/* Does the form that has just begun go where the refused one was sent, and is it the same of several that go there? */
static bool is_sent(const struct html *h)
{
    struct str page = buf_str(&h->buf), action;
    size_t at = find_last(page, STR("<form"));

    if (at == SIZE_MAX || (h->form->sent_as && h->form->sent_as != h->forms))
        return false;
    page = str_sub(page, at, SIZE_MAX);
    at = str_find(page, STR(" action=\""));
    if (at == SIZE_MAX)
        return true;
    page = str_sub(page, at + 9, SIZE_MAX);
    if (!str_cut(&page, '"', &action))
        return false;
    at = str_find(action, STR("?"));
    return str_eq(str_sub(action, 0, at), h->form->sent_to);
}

/* What the form lies in is open, so that its mistakes are seen. */
static void open_details(struct html *h)
{
    struct str page = buf_str(&h->buf), word = STR(" open");
    size_t at = find_last(page, STR("<details")), end = find_last(page, STR("</details>")), tag;

    if (at == SIZE_MAX || (end != SIZE_MAX && end > at))
        return;
    tag = str_find(str_sub(page, at, SIZE_MAX), STR(">"));
    if (tag == SIZE_MAX || str_find(str_sub(page, at, tag), word) != SIZE_MAX)
        return;
    at += strlen("<details");
    html_raw(h, word); /* room for it, at the end */
    memmove(h->buf.ptr + at + word.len, h->buf.ptr + at, h->buf.len - word.len - at);
    memcpy(h->buf.ptr + at, word.ptr, word.len);
}

int64_t html_form_number(struct str key)
{
    int64_t n;

    return key.len > 33 && key.ptr[32] == '-' && str_int64(str_sub(key, 33, SIZE_MAX), 1, 100000, &n) == OK ? n : 0;
}

void html_csrf(struct html *h)
{
    if (!h->form)
        return;
    h->forms++;
    if (h->form->sent_to.len) {
        h->other = !is_sent(h);
        if (!h->other) {
            h->sent_met = true;
            open_details(h);
        }
    }
    if (h->form->version.len) {
        html_raw(h, STR("<input type=\"hidden\" name=\"_version\" value=\""));
        html_text(h, h->form->version);
        html_raw(h, STR("\">"));
    }
    if (h->form->sure.len) {
        html_raw(h, STR("<input type=\"hidden\" name=\"_sure\" value=\""));
        html_text(h, h->form->sure);
        html_raw(h, STR("\">"));
    }
    html_raw(h, STR("<input type=\"hidden\" name=\"_csrf\" value=\""));
    html_text(h, h->form->csrf);
    html_raw(h, STR("\">"));
    if (h->form->key.len) {
        html_raw(h, STR("<input type=\"hidden\" name=\"_key\" value=\""));
        html_text(h, h->form->key);
        html_raw(h, STR("-"));
        html_int(h, h->forms);
        html_raw(h, STR("\">"));
    }
}

/* What was typed, or what stands there when nothing was. */
void html_form_value(struct html *h, struct str name, struct str otherwise)
{
    const struct form_value *v = value_find(h, name);

    if (v)
        note_newer(h, name, v->value, otherwise);
    html_text(h, v ? v->value : otherwise);
}

static void put_message(struct html *h, const struct form_error *e)
{
    if (e->words.len)
        html_text(h, e->words);
    else
        html_word(h, e->message);
}

/* A list (check boxes) has several values of one name: any of them counts. */
void html_form_chosen(struct html *h, struct str name, struct str option, struct str attribute)
{
    if (h->form && !h->other)
        for (size_t i = 0; i < h->form->n_values; i++)
            if (str_eq(h->form->value[i].name, name) && str_eq(h->form->value[i].value, option)) {
                buf_put(&h->buf, attribute);
                return;
            }
}

void html_form_invalid(struct html *h, struct str name)
{
    if (!error_find(h, name) && !newer_find(h, name))
        return;
    html_raw(h, STR(" aria-invalid=\"true\" aria-describedby=\""));
    html_text(h, name);
    html_raw(h, STR("-error\""));
}

void html_form_error(struct html *h, struct str name)
{
    const struct form_error *e = error_find(h, name);
    const struct form_value *newer = newer_find(h, name);

    if (!e && !newer)
        return;
    html_raw(h, STR("<p class=\"field-error\" id=\""));
    html_text(h, name);
    html_raw(h, STR("-error\">"));
    if (e)
        put_message(h, e);
    else if (newer->value.len)
        html_text_format(h, T_engine_form_newer, TEXT_STR("text", newer->value));
    else
        html_word(h, T_engine_form_newer_empty);
    html_raw(h, STR("</p>"));
}

static const struct form_label *label_find(const struct form_label *label, size_t n, struct str field)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(field, str_from_cstr(label[i].field)))
            return &label[i];
    return NULL;
}

/* A label that asks ("What is it called?") is a name here. */
static struct str without_mark(struct str label)
{
    const struct str mark[] = {STR("?"), STR("？")};

    for (size_t i = 0; i < 2; i++)
        if (label.len > mark[i].len && str_eq(str_sub(label, label.len - mark[i].len, SIZE_MAX), mark[i]))
            return str_sub(label, 0, label.len - mark[i].len);
    return label;
}

/* The summary on top. An error without a field (of the whole form) is a line without a link. */
void html_form_errors(struct html *h, const struct form_label *label, size_t n)
{
    if (!h->form || h->form->n_errors == 0)
        return;
    html_raw(h, STR("<div class=\"errors\" role=\"alert\" tabindex=\"-1\" id=\"errors\"><h2>"));
    html_text_format(h, T_engine_form_errors, TEXT_INT("n", (int64_t)h->form->n_errors));
    html_raw(h, STR("</h2><ul>"));
    for (size_t i = 0; i < h->form->n_errors; i++) {
        const struct form_error *e = &h->form->error[i];
        enum text named = T_none;

        html_raw(h, STR("<li>"));
        if (e->field.len) {
            const struct form_label *known = label_find(label, n, e->field);

            html_raw(h, STR("<a href=\"#"));
            html_text(h, e->field);
            if (known && known->label == T_none) /* a field of several forms has another id in each of them */
                html_raw(h, STR("-error"));
            html_raw(h, STR("\">"));
            if (known)
                named = known->label;
        }
        if (named != T_none) /* "please fill this in" alone does not say what */
            html_text_format(h, T_engine_form_of_field, TEXT_STR("field", without_mark(text(h->lang, named))),
                             TEXT_STR("message", e->words.len ? e->words : text(h->lang, e->message)));
        else
            put_message(h, e);
        if (e->field.len)
            html_raw(h, STR("</a>"));
        html_raw(h, STR("</li>"));
    }
    html_raw(h, STR("</ul></div>"));
}
