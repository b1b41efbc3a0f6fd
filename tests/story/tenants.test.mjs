/* tenants.test.mjs: what exists in one community only is seen by nobody of another: lists, search, messages, figures, counts, JSON, CSV.
 *
 * Two communities write a word that stands nowhere else into everything that people write. Then everybody who has no post above them goes
 * everywhere they can (but not to those communities' public pages, which are for all), and looks for that word. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, COMMUNITY, OTHER_STREET, SAME_STREET, copyWorld, formsOf, lilong, png, serve, sql, tail, unescape } from "../support/world.mjs";
import { actors, things } from "../support/actors.mjs";

/* Searched for by the first part, recognised by the second: a page may say again what was asked. */
const SEARCHED = "鲸落渡口", FAR = "KQXFAR7", NEAR = "KQXNEAR7";
const tenants = [[OTHER_STREET, FAR], [SAME_STREET, NEAR]];
const STREET = COMMUNITY.slice(0, 9) + "000", OTHER = OTHER_STREET.slice(0, 9) + "000";

let world, data, t, cast, category, keys = 0;
const quiet = new Map(); /* figures and counts before anything was written */

async function send(b, path, fields) {
    await b.csrf();
    const pairs = [["_csrf", b.token], ["_key", `tenant-${++keys}`], ...Object.entries(fields)];
    const a = Object.values(fields).some((v) => v.bytes) || /\/draft$/.test(path) ? await b.multipart(path, pairs) : await b.post(path, pairs);
    assert.equal(a.status, 303, `${path}: ${a.status} ${unescape(a.text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")).slice(0, 400)}`);
    return a;
}
async function as(person) {
    const b = new Browser(world.base);
    await b.signIn(person);
    return b;
}
const one = (statement) => { const rows = sql(data, statement); assert.ok(rows.length, statement); return String(Object.values(rows[0])[0]); };

async function write(place, mark) {
    const words = `${SEARCHED}${mark}`;
    const author = await as(one(`SELECT h.person FROM residence h WHERE h.community = ${place} AND h.state = 'verified' AND h.person NOT IN (SELECT person FROM post) ORDER BY h.id LIMIT 1`));
    const cadre = await as(one(`SELECT p.person FROM post p JOIN organisation o ON o.id = p.organisation WHERE o.place = ${place} AND o.kind = 'residents_committee' AND p.valid_to = 0 ORDER BY p.role DESC LIMIT 1`));
    const picture = { name: `${words}.png`, type: "image/png", bytes: await png(64, 48, () => [90, 120, mark.length]) };
    for (const first of [true, false]) {
        const draft = /draft\/(\d+)/.exec((await send(author, `/p/${place}/report/draft`, { title: words, body: words, spot: words, category, photos: picture })).location)[1];
        if (!first) { break; } /* a draft that stays one */
        await send(author, `/p/${place}/report/draft/${draft}/send`, {});
    }
    const report = one(`SELECT MAX(id) FROM report WHERE community = ${place}`), desk = `/desk/report/${place}/${report}`;
    await send(author, `/p/${place}/report/${report}/comment`, { body: words });
    await send(cadre, `${desk}/answer`, { answer: words, kind: "note" });
    await send(cadre, `${desk}/answer`, { answer: words, kind: "public" });
    await send(cadre, "/desk/templates", { name: words.slice(0, 20), body: words });
    await send(author, "/me/correct", { words });
    await send(cadre, `/desk/places/${place}/estates`, { estate_name: words });
    const list = sql(data, `SELECT id FROM organisation WHERE place = ${place} AND kind <> 'residents_committee' AND valid_to = 0`);
    if (list.length) { await send(cadre, `${desk}/hand-off`, { lead: list[0].id, task: words }); }
    for (const b of [author, cadre]) { b.close(); }
    return { report, media: one(`SELECT id FROM media WHERE community = ${place} ORDER BY id DESC LIMIT 1`) };
}

/* Everybody who is nothing to the two communities, or to the far one only. */
const everywhere = ["waiting", "resident", "author", "secretary", "cadre", "police"], above = ["grid", "street"];

/* Figures and counts: what a place and a desk say of themselves. */
async function numbers(name) {
    const b = await as(cast.find((a) => a.name === name).person), place = above.includes(name) ? STREET : COMMUNITY, out = {};
    for (const path of [`/p/${place}/figures?period=week`, `/p/${place}/figures?period=month`, `/p/${place}`]) {
        const a = await b.get(path, { json: true });
        out[path] = a.status === 200 ? numbersIn(a.json) : a.status;
    }
    out.csv = (await b.get(`/p/${place}/figures.csv`)).text;
    const desk = await b.get("/desk");
    out.desk = [...desk.text.matchAll(/<a class="side-item"[^>]*>.*?<\/a>/gs)].map((m) => m[0].replace(/<[^>]+>/g, " "));
    const list = await b.get("/desk", { json: true });
    out.rows = list.status === 200 ? list.json.rows.map((r) => r.id) : list.status;
    out.unread = /(\d+)\s*条未读/.exec(desk.text)?.[1] || "0";
    b.close();
    return out;
}
/* every number of an answer with the way to it; times of day are no figures */
function numbersIn(json, way = "", out = []) {
    if (typeof json === "number") { out.push(`${way}: ${json}`); }
    else if (json && typeof json === "object") { for (const [k, v] of Object.entries(json)) { numbersIn(v, `${way}.${k}`, out); } }
    return out;
}

before(async () => {
    data = copyWorld();
    t = things(data);
    cast = actors(data, t);
    category = one(`SELECT category FROM report WHERE community = ${COMMUNITY} AND id = ${t.report}`);
    world = await serve(data);
});
after(async () => {
    const end = await world?.stop();
    assert.equal(end?.code ?? 0, 0, tail(world.log));
});

test("two other communities write", { timeout: 60000 }, async () => {
    /* households are counted by a job soon after the start: wait for it, so that nothing else moves */
    for (let i = 0; i < 100 && sql(data, `SELECT 1 FROM coverage WHERE community = ${COMMUNITY}`).length === 0; i++) { await new Promise((ok) => setTimeout(ok, 200)); }
    for (const name of [...everywhere, ...above]) { quiet.set(name, await numbers(name)); }
    for (const [place, mark] of tenants) { Object.assign(t, { [mark]: await write(place, mark) }); }
    /* the word is really there, for those whose it is */
    for (const [place, mark] of tenants) {
        const b = new Browser(world.base);
        assert.match((await b.get(`/p/${place}/report?q=${encodeURIComponent(SEARCHED)}`)).text, new RegExp(mark), `${mark} is found at home`);
        assert.match((await b.get(`/p/${place}/report`)).text, new RegExp(mark));
        b.close();
    }
});

test("figures and counts of the others have not moved", { timeout: 60000 }, async () => {
    for (const name of everywhere) { assert.deepEqual(await numbers(name), quiet.get(name), name); }
});

test("nobody of another community sees a word of it, wherever they go", { timeout: 240000 }, async (tt) => {
    const wrong = [];
    let pages = 0;
    const visit = async (name) => {
        const person = cast.find((a) => a.name === name).person;
        /* the street has the near community below it; guests and the others nobody */
        const hidden = above.includes(name) || name === "handler" || name === "not_handed" ? [FAR] : [FAR, NEAR];
        /* the directory of estates on the front door, public pages of the two, and of the places that have them below, are for everybody; all else is looked at */
        const theirs = hidden.includes(NEAR) ? [OTHER_STREET, OTHER, SAME_STREET, STREET] : [OTHER_STREET, OTHER];
        const upper = ["310000000000", COMMUNITY.slice(0, 6) + "000000"];
        const open = (path) => [...theirs, ...upper].some((code) => path.startsWith(`/p/${code}`)) || /^\/q\/|^\/\?/.test(path);
        const b = new Browser(world.base);
        if (name === "newcomer") { await b.signUp("13900000055"); } else if (person) { await b.signIn(person); }
        const look = (what, a) => {
            pages++;
            for (const mark of hidden) { if (a.text.includes(mark)) { wrong.push(`${name}: ${what} shows ${mark}`); } }
            if (a.status >= 500) { wrong.push(`${name}: ${what}: ${a.status}`); }
        };
        const q = encodeURIComponent(SEARCHED), todo = ["/", "/desk", "/me", "/me/data", "/me/data/json", "/me/data/csv", "/messages", "/settings", "/desk/places", "/desk/organisations", "/desk/residents", "/desk/people", "/desk/corrections",
            "/desk/templates", "/desk/roster", "/desk/posts", "/desk/places/estates.csv", "/desk/places/dwellings.csv", `/p/${COMMUNITY}`, `/p/${COMMUNITY}/report`, `/p/${COMMUNITY}/figures`, `/p/${COMMUNITY}/figures.csv`, `/p/${COMMUNITY}/report?q=${q}`,
            `/desk/search?q=${q}`, `/p/${STREET}`, `/p/${STREET}/figures`, `/p/${STREET}/figures.csv`];
        const seen = new Set(), counts = new Map();
        for (let path; (path = todo.shift()) !== undefined;) {
            const kind = path.replace(/\d+/g, "#").replace(/(before|next|week|month|template|after)=[^&]*/g, "$1");
            if (seen.has(path) || (counts.get(kind) || 0) >= 3 || open(path) || /^\/(assets|media|join|sign-in|demo|privacy)/.test(path)) { continue; }
            seen.add(path);
            counts.set(kind, (counts.get(kind) || 0) + 1);
            const a = await b.get(path);
            look(path, a);
            if (a.status >= 300 && a.status < 400 && a.location?.startsWith("/")) { todo.push(a.location); continue; }
            if (!/text\/html/.test(a.type)) { continue; }
            look(`${path} as JSON`, await b.get(path, { json: true }));
            for (const m of a.text.matchAll(/<a\b[^>]*?\shref="(\/[^"/][^"]*)"/g)) { todo.push(unescape(m[1]).split("#")[0]); }
            for (const f of formsOf(a.text)) { if (f.method === "get" && f.action?.startsWith("/")) { todo.push(`${f.action}${f.action.includes("?") ? "&" : "?"}q=${q}`); } }
        }
        /* what belongs to the others, asked for by its number */
        for (const [place, mark] of tenants.filter(([, m]) => hidden.includes(m))) {
            const of = t[mark];
            for (const path of [`/desk/report/${place}/${of.report}`, `/desk/places/${place}`, `/desk/places/${place}/below`, `/p/${COMMUNITY}/report/${of.report}`, `/media/${COMMUNITY}/${of.media}`, `/desk/report/${COMMUNITY}/${of.report}`]) {
                const a = await b.get(path);
                look(path, a);
                if (a.status === 200) { wrong.push(`${name}: ${path} is shown`); }
            }
        }
        if (["secretary", "cadre"].includes(name)) {
            await b.csrf();
            look("the roster's file", await b.post("/desk/roster/export", { _csrf: b.token }));
        }
        b.close();
    };
    const names = ["guest", "newcomer", ...everywhere, "handler", "not_handed", ...above];
    await Promise.all([0, 1].map(async () => { for (let n; (n = names.shift());) { await visit(n); } }));
    tt.diagnostic(`${pages} answers`);
    assert.deepEqual(wrong, []);
});

test("tables for offices hold one place only", { timeout: 60000 }, async () => {
    await world.stop();
    for (const what of ["reports", "figures", "ledger"]) {
        const r = lilong("export", "--data", data, "--what", what, "--place", COMMUNITY);
        assert.equal(r.status, 0, r.stderr);
        assert.doesNotMatch(r.stdout, new RegExp(`${FAR}|${NEAR}`), what);
        const own = lilong("export", "--data", data, "--what", what, "--place", OTHER_STREET);
        if (what === "reports") { assert.match(own.stdout, new RegExp(FAR)); }
    }
});
