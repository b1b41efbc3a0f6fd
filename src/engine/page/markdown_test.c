#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/page/page.h"

static struct arena *a;

static int open_arena(void **state)
{
    (void)state;
    a = arena_open(8 << 20);
    return a ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

static const char *render(const char *markdown)
{
    return str_cstr(a, markdown_render(a, str_from_cstr(markdown)).s);
}

static void writes_what_authors_mean(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"", ""},
        {"停水 **明天**", "<p>停水 <strong>明天</strong></p>"},
        {"# 一\n## 二\n###### 六", "<h3>一</h3><h4>二</h4><h6>六</h6>"},
        {"- a\n- b", "<ul><li>a</li><li>b</li></ul>"},
        {"3. a", "<ol start=\"3\"><li>a</li></ol>"},
        {"| a | b |\n|---|---|\n| 1 | 2 |",
         "<div class=\"table\"><table><thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead>"
         "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>"},
        {"[a](https://b.cn/?x=1&y=2)", "<p><a href=\"https://b.cn/?x=1&amp;y=2\" rel=\"nofollow noopener\">a</a></p>"},
        {"[a](/p/310113007011/guide)", "<p><a href=\"/p/310113007011/guide\" rel=\"nofollow noopener\">a</a></p>"},
        {"[a](mailto:x@y.cn)", "<p><a href=\"mailto:x@y.cn\" rel=\"nofollow noopener\">a</a></p>"},
        {"https://b.cn/a", "<p><a href=\"https://b.cn/a\" rel=\"nofollow noopener\">https://b.cn/a</a></p>"},
        {"![门口](/media/1/a-b.webp)", "<p><img src=\"/media/1/a-b.webp\" loading=\"lazy\" alt=\"门口\"></p>"},
        {"a  \nb", "<p>a<br>b</p>"},
        {"`<x>` ~~no~~ &copy;", "<p><code>&lt;x&gt;</code> <del>no</del> &copy;</p>"},
        {"    code", "<pre><code>code\n</code></pre>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(render(rows[i].from), rows[i].to);
}

/* What is found is shown as words. */
static void words_alone(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"", ""},
        {"停水 **明天** *八点*", "停水 明天 八点"},
        {"# 三季度账目\n\n收支如下", "三季度账目 收支如下"},
        {"| 项目 | 金额 |\n|---|---:|\n| 楼道灯 | 3200 |\n| 绿化 | 800 |", "项目 金额 楼道灯 3200 绿化 800"},
        {"见[办事指南](/p/310113007011/guide)、`电话`~~旧的~~", "见办事指南、电话旧的"},
        {"- a\n- b\n\n3. c\n4. d", "a b 3. c 4. d"},
        {"> 引用\n\n---\n\n```\n代 码\n```", "引用 代 码"},
        {"![门口](/media/1/a.webp)", "门口"},
        {"A&amp;B <b>3 * 5</b> #3号楼 a_b", "A&B <b>3 * 5</b> #3号楼 a_b"},
        {"一\n二  \n三", "一 二 三"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(str_cstr(a, markdown_plain(a, str_from_cstr(rows[i].from))), rows[i].to);
}

/* Whatever comes in: no script, no tag that is not ours, no attribute that is not ours, no foreign picture. */
static void attacks_do_nothing(void **state)
{
    static const char *const attacks[] = {
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=x>b</b> <svg/onload=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](javascript&colon;alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](&#x6A;avascript&#58;alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](java&Tab;script:alert(1))",
        "[a](<java\tscript:alert(1)>)",
        "[a](\x01javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](//evil.example/\\..)",
        "[a](\\\\evil.example)",
        "<javascript:alert(1)>",
        "<data:text/html,x>",
        "[a]: javascript:alert(1)\n\n[a]",
        "![a](javascript:alert(1))",
        "![a](https://evil.example/pixel.png)",
        "![a](//evil.example/pixel.png)",
        "![a](/media/../admin/delete)",
        "![a](/media/%2e%2e/admin)",
        "![a\" onerror=\"alert(1)](/media/x.png)",
        "![![b](/media/\"x.png)](/media/x\"onerror=1.png)",
        "[![a](javascript:x)](javascript:y)",
        "[a](https://b.cn/\"onmouseover=\"alert(1))",
        "[a](https://b.cn/ \"title\\\" onclick=alert(1)\")",
        "```\"><script>\nx\n```",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "| a |\n|---|\n| <script>alert(1)</script> |",
        "> - > 1. [x](javascript:1)\n> ![y](data:z)",
    };
    static const char *const tags[] = {"p",     "strong", "em", "del", "code", "pre", "a",  "ul",         "ol",
                                       "li",    "h3",     "h4", "h5",  "h6",   "br",  "hr", "blockquote", "table",
                                       "thead", "tbody",  "tr", "th",  "td",   "div", "img"};

    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        const char *html = render(attacks[i]);
        for (const char *p = html; (p = strchr(p, '<')); p++) {
            const char *name = p + 1 + (p[1] == '/');
            bool ours = false;
            for (size_t k = 0; k < sizeof tags / sizeof *tags; k++) {
                size_t n = strlen(tags[k]);
                ours |= strncmp(name, tags[k], n) == 0 && strchr("> ", name[n]);
            }
            if (!ours)
                fail_msg("%s\n-> %s", attacks[i], html);
            /* inside our tag stand only attributes that we write */
            char *tag = str_cstr(a, (struct str){p, strcspn(p, ">")});
            for (char *q = tag; (q = strchr(q, ' ')); q++) {
                bool quoted = false;
                for (char *r = tag; r < q; r++)
                    quoted ^= *r == '"';
                if (!quoted && strncmp(q, " href=\"", 7) && strncmp(q, " rel=\"", 6) &&
                    strncmp(q, " src=\"/media/", 13) && strncmp(q, " alt=\"", 6) && strncmp(q, " loading=\"", 10) &&
                    strncmp(q, " class=\"table\"", 14) && strncmp(q, " scope=\"", 8) && strncmp(q, " start=\"", 8))
                    fail_msg("%s\n-> %s", attacks[i], html);
            }
        }
        for (const char *p = html; (p = strstr(p, "href=\"")); p++) {
            const char *address = p + 6;
            size_t n = strcspn(address, ":/?#\"");
            if (address[n] == ':' && strncmp(address, "https:", 6) && strncmp(address, "http:", 5) &&
                strncmp(address, "mailto:", 7))
                fail_msg("%s\n-> %s", attacks[i], html);
        }
        assert_null(strstr(html, "src=\"/media/.."));
        assert_null(strstr(html, "evil.example/pixel.png\""));
    }
    assert_string_equal(render("[a](javascript:alert(1))"), "<p>a</p>");
    assert_string_equal(render("![看](https://evil.example/x.png)"), "<p>看</p>");
}

static void huge_and_deep_input_ends(void **state)
{
    char *deep = arena_array(a, char, 100001);

    (void)state;
    memset(deep, '>', 100000);
    markdown_render(a, (struct str){deep, 100000});
    memset(deep, '[', 100000);
    markdown_render(a, (struct str){deep, 100000});
    for (size_t i = 0; i + 2 <= 100000; i += 2)
        memcpy(deep + i, "*a", 2);
    markdown_render(a, (struct str){deep, 100000});
    assert_int_equal(markdown_render(a, (struct str){"a\0b", 3}).s.len, 12); /* <p>a U+FFFD b</p> */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_what_authors_mean, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(words_alone, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(attacks_do_nothing, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(huge_and_deep_input_ends, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
