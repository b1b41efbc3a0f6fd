/* matrix.test.mjs: every route tried by every role, against the table in expected.txt.
 *
 * Each actor has a world of their own, so that what one of them may do is not in the way of the next. A letter says how the pipeline
 * decided:   +  allowed (done, or refused by the rules after the right was there)    -  403    ?  404: not there, for this one
 *            (so the grid centre, which has an order of its own in the same report, gets + where the state alone refuses: that nobody moves
 *            the order of another is a test of its own)
 *            >  sent to the sign-in page.    UPDATE=1 writes the table anew: read its diff. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { WECHAT, Browser, OTHER_STREET, SAME_STREET, copyWorld, serve, sql, tail } from "../support/world.mjs";
import { actors, things } from "../support/actors.mjs";
import { fields, values } from "../support/fill.mjs";
import { address, ofBoard, routes } from "../support/routes.mjs";

const require = createRequire(import.meta.url);
const Ajv = require("ajv/dist/2020.js").default, formats = require("ajv-formats").default;
const TABLE = fileURLToPath(new URL("expected.txt", import.meta.url));
const LANES = Number(process.env.LILONG_LANES || 2);

/* Forms that are filled in, so that the rules behind the right are asked too; the others are sent empty: they are about the actor alone. */
const dump = process.env.STATUSES ? (...a) => console.log(...a) : () => {};
const filled = (route) => /^\/(desk|p)\//.test(route.path) && route.path !== "/desk/posts";

/* Last of all, in this order: they end what the others are about, the organisation, the session, or the account. */
const late = [/\/(extension|decide)$/, /\/(send-back|done|check)$/, /(\/draft\/.*\/drop|\{order\}\/withdraw|templates.*\/drop|\/refuse|\/verify)$/, /\/(merge|void|hide|hide-comment)$/, /\{post\}\/end$/, /\{organisation\}\/end$/, /\{board\}\/state$/, /sessions/, /\/demo$/, /residence\/end/, /consent\/withdraw/, /\/sign-out$/, /close/];
const lateness = (route) => late.findIndex((re) => re.test(route.path)) + (route.method === "GET" ? 0 : 1);

let list, world, base, t, cast, openapi, ajv, known;
const left = new Map(), seen = new Map(), failures = [], invalid = [], unvalidated = new Set();

before(async () => {
    list = routes();
    base = copyWorld();
    t = things(base);
    cast = actors(base, t);
    world = await serve(base, { env: WECHAT });
    const b = new Browser(world.base);
    openapi = (await b.get("/api/openapi.json", { json: true })).json;
    /* a draft of the author's, for the others to try */
    await b.signIn(t.author);
    t.draft = await ownDraft(b);
    await b.csrf();
    assert.equal((await b.post("/me/correct", { _csrf: b.token, _key: "correct", words: "名字写错了" })).status, 303);
    /* and an order that nobody has accepted yet */
    await b.signIn(cast.find((a) => a.name === "secretary").person);
    await b.csrf();
    const desk = `/desk/report/${t.place}/${t.report}`;
    assert.equal((await b.post(`${desk}/order/${t.order}/withdraw`, { _csrf: b.token, _key: "withdraw", reason: "换一种做法" })).status, 303);
    assert.equal((await b.post(`${desk}/hand-off`, { _csrf: b.token, _key: "again", lead: t.handler, task: "请再去看一看" })).status, 303);
    b.close();
    await world.stop();
    t.order = sql(base, `SELECT id FROM work_order WHERE community = ${t.place} AND report = ${t.report} AND state = 'handed'`)[0].id;
    t.correction = sql(base, `SELECT id FROM correction WHERE community = ${t.place} AND state = 'waiting' ORDER BY id DESC LIMIT 1`)[0].id;
    known = values(base, t);
    ajv = new Ajv({ strict: false, allErrors: true, formats: {} });
    formats(ajv);
    ajv.addSchema({ $id: "http://lilong.invalid/api", ...openapi });
});
after(async () => { await world?.stop(); });

const pointer = (...steps) => "http://lilong.invalid/api#/" + steps.map((s) => encodeURIComponent(s.replace(/~/g, "~0").replace(/\//g, "~1"))).join("/");
const check = (ref, value) => {
    const ok = ajv.validate({ $ref: ref }, value);
    return ok ? null : ajv.errorsText(ajv.errors, { separator: "\n    " });
};

function letter(answer) {
    const { status } = answer;
    if (status === 401 || (status === 303 && /^\/sign-in(\?|$)/.test(answer.location || ""))) { return ">"; }
    if (status === 403) { return "-"; }
    if (status === 404) { return "?"; }
    return "+";
}

function note(what, answer) {
    if (answer.status >= 500) { failures.push(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`); }
}

function validate(route, who, answer) {
    const type = answer.type.split(";")[0], path = route.path.replace(/:word\}/g, "}"), what = `${route.key} as ${who}: ${answer.status}`;
    if (type === "application/problem+json") {
        const wrong = check("http://lilong.invalid/api#/components/schemas/problem", answer.json);
        if (wrong) { invalid.push(`${what}\n    ${wrong}`); }
        return;
    }
    if (type !== "application/json" || answer.status > 299) { return; }
    const operation = openapi.paths[path]?.[route.method.toLowerCase()];
    const schema = operation?.responses?.[answer.status]?.content?.["application/json"]?.schema;
    if (!schema) { unvalidated.add(route.key); return; }
    const wrong = check(pointer("paths", path, route.method.toLowerCase(), "responses", String(answer.status), "content", "application/json", "schema"), answer.json);
    if (wrong) { invalid.push(`${what}\n    ${wrong}`); }
}

/* What is theirs to do all the same. */
const allowedTraces = (name) => (name === "waiting" ? [/^ended \d+$/] /* their own wish to join */ : name === "district" ? [/^(created|changed|dismissed|ended|organisation|post) /] /* bodies below */ : []);

/* A draft of the actor's own, where they may write one; otherwise the author's would be needed, which is theirs alone. */
let drafts = 0;
async function ownDraft(b) {
    await b.csrf();
    const form = await b.get(`/p/${t.place}/report/new`);
    if (form.status !== 200) { return null; }
    const a = await b.multipart(`/p/${t.place}/report/draft`, [["_csrf", b.token], ["_key", `matrix-draft-${++drafts}`], ["title", "楼道灯不亮"], ["spot", "3号楼"], ["category", /name="category"[^>]*value="([^"]+)"/.exec(form.text)?.[1] || ""]]);
    if (a.status !== 303) { throw new Error(`no draft: ${a.status} ${a.text}`); }
    return /draft\/(\d+)/.exec(a.location || "")?.[1] || null;
}

/* What somebody has left in the story's community: what the ledger says of them (of nobody: of a guest), and how much there is of everything. */
function traces(data, actor) {
    const person = actor.person || null;
    const tables = ["report", "report_comment", "report_note", "report_draft", "report_follow", "report_join", "report_thumb", "entry", "entry_version", "entry_comment", "entry_thumb", "entry_follow", "work_order", "residence", "estate", "building", "dwelling",
        "roster_entry", "answer_template", "media", "document", "correction", "person_look"];
    const counts = sql(data, tables.map((name) => `SELECT '${name}' AS of, COUNT(*) AS n FROM ${name} WHERE community = ${t.place}`).join(" UNION ALL "));
    const events = person ? sql(data, `SELECT verb || ' ' || id AS of FROM ledger WHERE actor = ${person} AND community = ${t.place}`) : [];
    const bodies = sql(data, `SELECT 'organisation ' || COUNT(*) || ' ' || SUM(CASE WHEN valid_to > 0 THEN 1 ELSE 0 END) AS of FROM organisation UNION ALL SELECT 'post ' || COUNT(*) || ' ' || SUM(CASE WHEN valid_to > 0 THEN 1 ELSE 0 END) FROM post`);
    return [...counts.map((c) => `${c.of}: ${c.n}`), ...events.map((e) => e.of), ...bodies.map((e) => e.of)];
}

/* Each call has the same result as if it stood alone: after a sign-out the actor comes back. */
async function tryAll(actor, places) {
    const data = copyWorld(base);
    const before = traces(data, actor);
    const w = await serve(data, { env: WECHAT });
    const b = new Browser(w.base), cells = new Map();
    try {
        if (actor.person) { await b.signIn(actor.person); } else if (actor.name === "newcomer") { await b.signUp(); } else { await b.csrf(); }
        const mine = { ...t, ...places };
        const inOrder = list.map((route, i) => ({ route, i })).sort((x, y) => lateness(x.route) - lateness(y.route) || x.i - y.i).map((x) => x.route);
        for (const route of inOrder) {
            if (actor.name === "author" && /\/draft\//.test(route.path)) {
                mine.draft = await ownDraft(b);
                assert.ok(mine.draft, `the author has a draft for ${route.key}`);
            }
            const path = address(route, mine);
            let answer;
            if (route.method === "GET") {
                answer = await b.get(path);
                note(`${route.key} as ${actor.name}`, answer);
                const cell = letter(answer);
                if (!/text\/html/.test(answer.type) && !/json/.test(answer.type)) { cells.set(route.key, cell); continue; }
                const data = await b.get(path, { json: true });
                note(`${route.key} as ${actor.name} (JSON)`, data);
                validate(route, actor.name, data);
                if (letter(data) !== cell) { failures.push(`${route.key} as ${actor.name}: HTML says ${cell} (${answer.status}), JSON says ${letter(data)} (${data.status})`); }
                cells.set(route.key, cell);
            } else {
                await b.csrf();
                const sent = [["_csrf", b.token], ["_key", `matrix-${route.name}`], ...Object.entries(filled(route) ? fields(route, openapi, known) : {})];
                answer = route.flags.includes("upload") ? await b.multipart(path, sent, { json: true }) : await b.post(path, sent, { json: true });
                note(`${route.key} as ${actor.name}`, answer);
                validate(route, actor.name, answer);
                if (answer.status === 403 && /csrf|forg/i.test(answer.text)) { failures.push(`${route.key} as ${actor.name}: the token was refused`); }
                cells.set(route.key, letter(answer));
                dump(actor.name, route.key, answer.status, /detail":"([^"]*)/.exec(answer.text)?.[1] || "", JSON.stringify(answer.text.match(/"code":"[^"]*"/g) || ""));
                if (!/^(-|\?|>)$/.test(letter(answer)) && /sign-out|\/demo$|sessions|close|sign-in|join/.test(route.path)) {
                    if (actor.person) { await b.signIn(actor.person).catch(() => 0); }
                    else if (actor.name === "newcomer" && /sign-out/.test(route.path)) { b.cookies.clear(); await b.signUp("13900000002"); }
                }
            }
        }
    } finally {
        b.close();
        const end = await w.stop();
        left.set(actor.name, traces(data, actor).filter((x) => !before.includes(x)));
        if (end.code !== 0) { failures.push(`the server of ${actor.name} ended with ${JSON.stringify(end)}:\n${tail(w.log)}`); }
    }
    return cells;
}

test("the demo world has somebody for every role", () => {
    assert.deepEqual(cast.filter((a) => !["guest", "newcomer"].includes(a.name) && !a.person).map((a) => a.name), []);
    for (const [name, value] of Object.entries(t)) { assert.ok(value, `nothing to try as ${name}`); }
});

test("every route, every role: as the table says", { timeout: 600000 }, async () => {
    const waiting = [...cast];
    await Promise.all(Array.from({ length: LANES }, async () => {
        for (let actor; (actor = waiting.shift());) { seen.set(actor.name, await tryAll(actor, {})); }
    }));
    const width = Math.max(...list.map((r) => r.key.length));
    const head = "# Who may use what. Rows: routes. Columns, from left to right:\n" + cast.map((a, i) => `#   ${" ".repeat(width + 1)}${"|".repeat(i)}${a.name}`).join("\n");
    const rows = list.map((r) => `${r.key.padEnd(width)}     ${cast.map((a) => seen.get(a.name).get(r.key) || " ").join("")}`);
    const table = `${head}\n${rows.join("\n")}\n`;
    if (process.env.UPDATE || !existsSync(TABLE)) { writeFileSync(TABLE, table); }
    const expected = readFileSync(TABLE, "utf8").split("\n"), now = table.split("\n");
    assert.deepEqual([...expected.filter((l) => !now.includes(l)).map((l) => "- " + l), ...now.filter((l) => !expected.includes(l)).map((l) => "+ " + l)], [],
        "a right has changed: when that is meant, UPDATE=1 tests/matrix/run.sh, and look at the diff");
});

/* What the row of a board says is for everybody to read. */
const everybodys = (route) => route.need === "board_read" && ofBoard(route, t) && sql(base, `SELECT readers FROM board WHERE word = '${ofBoard(route, t).word}'`)[0].readers === "everybody";

test("deny by default: who is neither allowed by the table of rights nor by being there gets nothing", () => {
    const open = new Set(["open", "public", "guest"]);
    for (const route of list) {
        if (open.has(route.need) || everybodys(route)) { continue; }
        assert.match(seen.get("guest").get(route.key), /[>?]/, `${route.key}: a guest`);
        if (!["signed_in", "account"].includes(route.need)) { assert.match(seen.get("newcomer").get(route.key), /[-?]/, `${route.key}: a newcomer`); }
    }
});

test("staff and residents of other communities get nothing that is not public", () => {
    for (const route of list) {
        if (!/\{place\}/.test(route.path) || ["public", "open", "guest"].includes(route.need) || everybodys(route)) { continue; }
        for (const name of ["near_cadre", "far_cadre", "far_resident", "far_grid"]) { assert.match(seen.get(name).get(route.key), /[-?]/, `${route.key} as ${name}`); }
    }
});

test("who may not, leaves nothing behind", () => {
    for (const name of ["guest", "newcomer", "waiting", "not_handed", "district", "city", "auditor", "near_cadre", "far_cadre", "far_resident", "far_grid"]) {
        assert.deepEqual(left.get(name)?.filter((x) => !allowedTraces(name).some((re) => re.test(x))), [], name);
    }
});

test("a handler does nothing with the order of another handler", { timeout: 60000 }, async () => {
    const data = copyWorld(base);
    const orders = sql(data, `SELECT a.report, a.id, a.organisation, b.organisation AS other, a.state FROM work_order a JOIN work_order b ON b.community = a.community AND b.report = a.report AND b.organisation <> a.organisation
        WHERE a.community = ${t.place} AND a.state IN ('handed', 'accepted') AND b.state IN ('handed', 'accepted')`);
    assert.ok(orders.length >= 2, "orders of one report in several hands");
    assert.deepEqual([...new Set(orders.map((o) => o.state))].sort(), ["accepted", "handed"]);
    const before = sql(data, `SELECT * FROM work_order WHERE community = ${t.place} ORDER BY id`);
    const w = await serve(data, { env: WECHAT });
    try {
        for (const o of orders) {
            const person = sql(data, `SELECT person FROM post WHERE organisation = ${o.other} AND valid_to = 0 LIMIT 1`)[0]?.person, b = new Browser(w.base);
            if (!person) { continue; }
            await b.signIn(person);
            for (const route of list.filter((r) => /\/order\/\{order\}\/(accept|send-back|extension|done)$/.test(r.path))) {
                await b.csrf();
                const sent = [["_csrf", b.token], ["_key", `theirs-${o.id}-${route.name}`], ...Object.entries(fields(route, openapi, known))];
                const path = address(route, { ...t, report: String(o.report), order: String(o.id) });
                const a = route.flags.includes("upload") ? await b.multipart(path, sent, { json: true }) : await b.post(path, sent, { json: true });
                assert.match(String(a.status), /^(403|404|409)$/, `${path} by somebody of organisation ${o.other}: ${a.status} ${a.text}`);
            }
            b.close();
        }
    } finally { await w.stop(); }
    assert.deepEqual(sql(data, `SELECT * FROM work_order WHERE community = ${t.place} ORDER BY id`), before);
});

test("ids of one community under the code of another are nowhere", { timeout: 120000 }, async () => {
    const data = copyWorld(base);
    const w = await serve(data, { env: WECHAT });
    try {
        for (const [name, place] of [["near_cadre", SAME_STREET], ["far_cadre", OTHER_STREET], ["far_resident", null]]) {
            const actor = cast.find((a) => a.name === name), b = new Browser(w.base);
            const home = place || sql(data, `SELECT community FROM residence WHERE person = ${actor.person} LIMIT 1`)[0].community;
            await b.signIn(actor.person);
            for (const route of list) {
                if (!/\{place\}.*\{(?!place)\w+\}/.test(route.path)) { continue; } /* words, of a board or a figure, are the same everywhere */
                const path = address(route, { ...t, place: String(home), draft: t.draft });
                await b.csrf();
                const sent = [["_csrf", b.token], ["_key", "mixed-" + route.name], ...Object.entries(fields(route, openapi, known))];
                const a = route.method === "GET" ? await b.get(path) : route.flags.includes("upload") ? await b.multipart(path, sent, { json: true }) : await b.post(path, sent, { json: true });
                note(`${route.key} as ${name} with a foreign id`, a);
                assert.match(letter(a), /[-?]/, `${route.key} as ${name}: ${path} answered ${a.status}`);
            }
            b.close();
        }
    } finally { await w.stop(); }
});

test("nothing answers with 5xx, HTML and JSON decide alike", () => { assert.deepEqual(failures, []); });

test("JSON answers are what the OpenAPI document says", () => {
    assert.deepEqual(invalid, [], invalid.join("\n"));
    assert.deepEqual([...unvalidated].filter((k) => !/openapi|healthz|readyz|session/.test(k)), [], "JSON without a schema");
});

test("/api/openapi.json is OpenAPI 3.1", async () => {
    const { Validator } = await import("@seriousme/openapi-schema-validator");
    const r = await new Validator().validate(structuredClone(openapi));
    assert.equal(r.valid, true, JSON.stringify(r.errors, null, 1)?.slice(0, 4000));
    const ids = new Set();
    for (const [path, item] of Object.entries(openapi.paths)) {
        for (const [method, operation] of Object.entries(item)) {
            assert.ok(operation.summary, `${method} ${path} says what it does`);
            assert.ok(!ids.has(operation.operationId), operation.operationId);
            ids.add(operation.operationId);
            const names = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
            assert.deepEqual((operation.parameters || []).filter((p) => p.in === "path").map((p) => p.name).sort(), names, `${method} ${path}: parameters of the path`);
        }
    }
    assert.equal(ids.size, list.length);
});
