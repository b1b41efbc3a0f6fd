/* form.c: the built-ins of views that read the form state of the request. */
#include "engine/page/page.h"

static const struct form_value *value_find(const struct html *h, struct str name)
{
    if (h->form)
        for (size_t i = 0; i < h->form->n_values; i++)
            if (str_eq(h->form->value[i].name, name))
                return &h->form->value[i];
    return NULL;
}

static const struct form_error *error_find(const struct html *h, struct str name)
{
    if (h->form)
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
    for (size_t i = 0; i < h->n_newer; i++)
        if (str_eq(h->newer[i].name, name))
            return &h->newer[i];
    return NULL;
}

void html_csrf(struct html *h)
{
    if (!h->form)
        return;
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
    if (h->form)
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

static enum text label_find(const struct form_label *label, size_t n, struct str field)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(field, str_from_cstr(label[i].field)))
            return label[i].label;
    return T_none;
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
            html_raw(h, STR("<a href=\"#"));
            html_text(h, e->field);
            html_raw(h, STR("\">"));
            named = label_find(label, n, e->field);
        }
        if (named != T_none) /* "please fill this in" alone does not say what */
            html_text_format(h, T_engine_form_of_field, TEXT_STR("field", text(h->lang, named)),
                             TEXT_STR("message", e->words.len ? e->words : text(h->lang, e->message)));
        else
            put_message(h, e);
        if (e->field.len)
            html_raw(h, STR("</a>"));
        html_raw(h, STR("</li>"));
    }
    html_raw(h, STR("</ul></div>"));
}
