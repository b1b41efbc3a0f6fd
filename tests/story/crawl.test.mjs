/* crawl.test.mjs: a canary in every text field, then every page that every role can reach: it is always escaped, JSON stays JSON, cells of a
 * CSV file are never formulas. And no page shows a link that leads nowhere, or to something that the same person may not see. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, COMMUNITY, copyWorld, formsOf, png, serve, sql, tail, unescape } from "../support/world.mjs";
import { actors, things } from "../support/actors.mjs";
import { address, routes } from "../support/routes.mjs";

const HTML = `"><img src=x onerror=alert(1)>{{7*7}}`;   /* 37: fits into a title */
const FORMULA = `=1+1|'<b>{{7*7}}`;
const SAMPLES = 5; /* pages of one kind that are looked at, for each role */

let world, data, t, cast, list, openapi;
const wrong = [];
const who = (name) => cast.find((a) => a.name === name).person;

before(async () => {
    data = copyWorld();
    t = things(data);
    cast = actors(data, t);
    list = routes();
    world = await serve(data);
    const b = new Browser(world.base);
    openapi = (await b.get("/api/openapi.json", { json: true })).json;
    b.close();
});
after(async () => {
    const end = await world?.stop();
    assert.equal(end?.code ?? 0, 0, tail(world.log));
});

/* RFC 4180: a cell in quotes may have several lines. */
function cellsOf(text) {
    const rows = [[]];
    for (const m of text.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
        rows[rows.length - 1].push(m[1] === undefined ? m[2] : m[1].replace(/""/g, '"'));
        if (m[3] !== ",") { rows.push([]); }
        if (!m[3]) { break; }
    }
    return rows;
}

function inspect(what, a) {
    const type = a.type.split(";")[0];
    if (a.status >= 500) { wrong.push(`${what}: ${a.status}`); return; }
    if (type === "text/html") {
        const text = a.text;
        for (const raw of ["<img src=x", "<b>{{7*7}}", "onerror=alert(1)>"]) {
            const at = text.indexOf(raw);
            if (at >= 0) { wrong.push(`${what}: ${raw} stands raw: …${text.slice(Math.max(0, at - 120), at + 60)}…`); }
        }
        if (/onerror=alert\(1\)[^&]/.test(text) && !/onerror=alert\(1\)&gt;/.test(text)) { wrong.push(`${what}: half escaped`); }
    } else if (/json/.test(type)) {
        try { JSON.parse(a.text); } catch (e) { wrong.push(`${what}: ${e.message}`); }
    } else if (type === "text/csv") {
        for (const row of cellsOf(a.text)) {
            for (const cell of row) {
                if (/^[=@+\t\r]/.test(cell) || (/^-/.test(cell) && !/^-?[\d.]*%?$/.test(cell))) { wrong.push(`${what}: the cell ${cell.slice(0, 60)} is a formula`); }
            }
        }
    }
    if (/^text\/html|json|csv/.test(type) && a.headers["x-content-type-options"] !== "nosniff") { wrong.push(`${what}: no nosniff`); }
}

async function as(name) {
    const b = new Browser(world.base);
    await b.signIn(who(name));
    return b;
}
let keys = 0;
async function act(b, path, fields, { expect = /^(200|201|303)$/, files = null } = {}) {
    await b.csrf();
    const pairs = [["_csrf", b.token], ["_key", `canary-${++keys}`], ...Object.entries(fields).flatMap(([k, v]) => (Array.isArray(v) ? v : [v]).map((one) => [k, one]))];
    const a = files ? await b.multipart(path, [...pairs, ...files]) : await b.post(path, pairs);
    inspect(`POST ${path}`, a);
    if (expect) { assert.match(String(a.status), expect, `POST ${path}: ${a.status} ${/class="(?:field-error|error)[^>]*>([^<]*)/.exec(a.text)?.[1] || unescape(a.text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")).slice(0, 300)}`); }
    return a;
}

test("a report with the canary in everything that people write", { timeout: 120000 }, async () => {
    const author = await as("author"), secretary = await as("secretary"), handler = await as("handler"), resident = await as("resident");
    const home = `/p/${COMMUNITY}/report`;
    for (const canary of [HTML, FORMULA]) {
        const page = await author.get(`${home}/new`);
        assert.equal(page.status, 200);
        const form = formsOf(page.text).find((f) => /\/draft$/.test(f.action));
        const category = form.texts.find((x) => x.name === "category" && x.type === "radio").value;
        const draft = await author.submit(form, { title: canary, body: canary + "\n" + canary, spot: canary, category });
        assert.equal(draft.status, 303, draft.text.slice(0, 2000));
        inspect("preview", await author.get(draft.location));
        const id = /draft\/(\d+)/.exec(draft.location)[1];
        const edit = formsOf((await author.get(`${home}/draft/${id}`)).text).find((f) => f.multipart);
        inspect("draft", await author.submit(edit, { title: canary, body: canary, spot: canary, category }));
        await act(author, `${home}/draft/${id}/send`, {});
        const report = sql(data, `SELECT MAX(id) AS id FROM report WHERE community = ${COMMUNITY}`)[0].id, desk = `/desk/report/${COMMUNITY}/${report}`;
        await act(resident, `${home}/${report}/comment`, { body: canary });
        await act(secretary, `${desk}/answer`, { answer: canary, kind: "note" });
        await act(secretary, `${desk}/answer`, { answer: canary, kind: "public" });
        await act(secretary, `${desk}/hand-off`, { lead: t.handler, task: canary, due: "2030-01-02T10:00", due_reason: canary });
        const order = sql(data, `SELECT id FROM work_order WHERE community = ${COMMUNITY} AND report = ${report}`)[0].id;
        await act(handler, `${desk}/order/${order}/accept`, {});
        await act(handler, `${desk}/order/${order}/extension`, { until: "2030-03-02T10:00", reason: canary });
        await act(secretary, `${desk}/order/${order}/decide`, { granted: "no", reason: canary });
        const picture = { name: `${canary}.png`.replace(/"/g, "%22"), type: "image/png", bytes: await png(64, 48, () => [90, 120, 90]) };
        await act(handler, `${desk}/order/${order}/done`, { text: canary }, { files: [["photos", picture]] });
        await act(secretary, `${desk}/check`, { passed: "no", text: canary });
        await act(handler, `${desk}/order/${order}/done`, { text: canary }, { files: [["photos", picture]] });
        await act(secretary, `${desk}/check`, { passed: "yes", text: canary });
        await act(author, `${home}/${report}/confirm`, { solved: "no", words: canary });
        await act(author, `${home}/${report}/redact`, { title: canary, body: canary, spot: canary });
        await act(secretary, `${desk}/look`, { why: canary });
        await act(secretary, "/desk/templates", { name: canary.slice(0, 20), body: canary });
    }
    for (const b of [author, secretary, handler, resident]) { b.close(); }
});

test("every other text field, by every form's own description", { timeout: 120000 }, async () => {
    for (const name of ["guest", "resident", "secretary", "grid", "street", "administrator"]) {
        const b = new Browser(world.base);
        if (name !== "guest") { await b.signIn(who(name)); }
        for (const route of list.filter((r) => r.method === "POST" && !/sign-out|\/demo$|sessions|close|residence\/end|\/sms|void|hide|merge|\/send-back|\/withdraw/.test(r.path))) {
            const operation = openapi.paths[route.path.replace(/:word\}/g, "}")].post;
            const content = Object.values(operation.requestBody?.content || {})[0];
            if (!content) { continue; }
            const fields = {};
            for (const [field, schema] of Object.entries(content.schema.properties)) { fields[field] = schema.type === "string" && !schema.enum && !schema.pattern ? HTML : schema.enum ? schema.enum[0] : "1"; }
            await act(b, address(route, t), fields, { expect: null });
            if (name !== "guest" && /sign-in|join/.test(route.path)) { await b.signIn(who(name)); }
        }
        for (const path of ["/", "/desk", "/desk/search", `/p/${COMMUNITY}/report`, "/sign-in", "/join", "/messages", "/desk/residents"]) {
            for (const field of ["q", "next", "estate", "category", "state", "place", "template"]) { inspect(`GET ${path}?${field}=`, await b.get(`${path}?${field}=${encodeURIComponent(HTML)}`)); }
        }
        inspect("404", await b.get(`/nowhere/${encodeURIComponent(HTML)}`));
        b.close();
    }
});

test("all pages of all roles: escaped, and no link leads nowhere", { timeout: 400000 }, async (tt) => {
    let pages = 0, canaries = 0;
    const dead = new Set();
    const crawl = async (name) => {
        const b = new Browser(world.base);
        if (name === "newcomer") { await b.signUp(); } else if (who(name)) { await b.signIn(who(name)); }
        const todo = ["/", "/desk", "/me", "/messages", "/settings", "/privacy", "/join", "/sign-in", "/demo", `/p/${COMMUNITY}`, `/p/${COMMUNITY}/report`, `/p/${COMMUNITY}/figures`, `/p/${COMMUNITY.slice(0, 9)}000`].map((path) => ({ path, from: null }));
        const seen = new Set(), counts = new Map();
        while (todo.length) {
            const { path, from, form } = todo.shift();
            const kind = path.replace(/\d+/g, "#").replace(/(q|before|next|week|month|template)=[^&]*/g, "$1");
            if (seen.has(path) || (counts.get(kind) || 0) >= SAMPLES) { continue; }
            seen.add(path);
            counts.set(kind, (counts.get(kind) || 0) + 1);
            const a = await b.get(path);
            pages++;
            inspect(`${path} as ${name}`, a);
            if (a.status >= 400 && from && !(form && a.status === 422)) { dead.add(`${name}: ${from.replace(/\d{12,}/g, "#")} links to ${path.replace(/\d{12,}/g, "#")}: ${a.status}`); continue; }
            if (a.status >= 300 && a.status < 400 && a.location) { if (a.location.startsWith("/")) { todo.push({ path: a.location, from }); } continue; }
            if (!/text\/html/.test(a.type)) { continue; }
            if (a.text.includes("{{7*7}}")) { canaries++; }
            if (!/^\/(assets|static)/.test(path)) { inspect(`${path} as ${name}, JSON`, await b.get(path, { json: true })); }
            for (const m of a.text.matchAll(/<(?:a|link|script|img|iframe|source|use)\b[^>]*?\s(?:href|src)="([^"]*)"/g)) {
                const to = unescape(m[1]).split("#")[0];
                if (to.startsWith("/") && !to.startsWith("//")) { todo.push({ path: to, from: path }); }
                else if (to && !/^(tel|mailto|data|#)/.test(to) && to !== "") { wrong.push(`${path}: an address outside: ${to}`); }
            }
            for (const f of formsOf(a.text)) { if (f.method === "get" && f.action?.startsWith("/")) { todo.push({ path: `${f.action}${f.action.includes("?") ? "&" : "?"}q=x`, from: path, form: true }); } }
        }
        b.close();
    };
    const names = ["guest", "newcomer", "waiting", "resident", "author", "secretary", "cadre", "handler", "police", "grid", "street", "district", "city", "administrator", "auditor", "far_cadre"];
    await Promise.all([0, 1].map(async () => { for (let n; (n = names.shift());) { await crawl(n); } }));
    tt.diagnostic(`${pages} pages, ${canaries} with the canary`);
    assert.ok(canaries >= 20, `the canary was seen on ${canaries} pages only`);
    assert.deepEqual([...dead], []);
});

test("nothing stood raw", () => { assert.deepEqual([...new Set(wrong)], []); });
