/* processes.test.mjs: three processes on one database are one Lilong: who signs in at one is known to all, a form sent to two acts once, scheduled work
 * happens once, waits and limits that protect people count together, one chain has one order. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Browser, COMMUNITY, lilong, psql, serve, sql, urlOf } from "../support/world.mjs";
import { until, world as demoWorld } from "./cluster.mjs";
import { Load, residents, signedIn } from "./writers.mjs";

const WRITERS = 64, LOAD_MS = process.env.LILONG_LONG ? 20000 : 4000;
let data, processes = [], people, imported;

before(async () => {
    data = demoWorld().data;
    people = residents(data);
    for (const n of [1, 2, 3]) { processes.push(await serve(data, { args: [`--database.node=${n}`, "--sms.driver=console"] })); }
    /* looked for further down: it may take a minute */
    const file = join(data, "..", "holidays.csv");
    writeFileSync(file, "date,kind,name\n2031-01-01,holiday,元旦\n");
    imported = Date.now();
    const r = lilong("import", "holidays", file, "--data", data);
    assert.equal(r.status, 0, `${r.stdout}${r.stderr}`);
}, { timeout: 170000 });
after(async () => { for (const p of processes) { await p.kill(); } });

const at = (browser, i) => { const b = new Browser(processes[i].base); b.cookies = browser.cookies; b.token = browser.token; return b; };

test("a session is the same at each of them, and ends everywhere at once", async () => {
    const b = new Browser(processes[0].base);
    await b.signIn(people[0]);
    for (const i of [1, 2]) { assert.equal((await at(b, i).get("/me")).status, 200); }
    const out = await at(b, 1).form("/me", /sign-out/);
    const a = await at(b, 1).submit(out);
    assert.ok([200, 303].includes(a.status), String(a.status));
    const token = b.cookies.get("lilong");
    for (const i of [0, 2]) {
        const again = new Browser(processes[i].base);
        again.cookies.set("lilong", token);
        assert.notEqual((await again.get("/me")).status, 200);
    }
});

test("the same form sent to three of them at once acts once", async () => {
    const b = await signedIn(processes[0].base, people[1]), same = [at(b, 0), at(b, 1), at(b, 2)];
    for (let n = 0; n < 10; n++) {
        const fields = { _csrf: b.writeToken, _key: `thrice-${n}`, title: `三处同送${n}`, spot: "北门", category: b.category };
        const drafts = await Promise.all(same.map((x) => x.post(`/p/${COMMUNITY}/report/draft`, fields, { json: true })));
        assert.equal(new Set(drafts.map((a) => a.json.location)).size, 1, JSON.stringify(drafts.map((a) => a.text)));
        const path = `/p/${COMMUNITY}/report/draft/${/draft\/(\d+)/.exec(drafts[0].json.location)[1]}/send`;
        const sent = await Promise.all(same.map((x) => x.post(path, { _csrf: b.writeToken, _key: `thrice-send-${n}` }, { json: true })));
        assert.deepEqual(sent.map((a) => a.status >= 200 && a.status < 300), [true, true, true], JSON.stringify(sent.map((a) => a.text)));
        assert.equal(new Set(sent.map((a) => String(a.json.id))).size, 1);
    }
    assert.equal(Number(sql(data, `SELECT COUNT(*) AS n FROM report WHERE title LIKE '三处同送%'`)[0].n), 10);
});

test("64 writers at three processes: one chain, nothing lost", async (t) => {
    const browsers = [];
    for (const [i, person] of people.entries()) { browsers.push(await signedIn(processes[i % 3].base, person)); }
    const load = new Load(browsers, WRITERS, "三进程").start(), from = Date.now();
    await new Promise((ok) => setTimeout(ok, LOAD_MS));
    await load.stop();
    const ms = Date.now() - from;
    await load.finish();
    load.check(data);
    const chain = sql(data, `SELECT COUNT(*) AS n, MIN(seq) AS first, MAX(seq) AS last FROM ledger WHERE community = ${COMMUNITY}`)[0];
    assert.deepEqual([String(chain.first), String(chain.last)], ["1", String(chain.n)]);
    const v = lilong("verify", "--data", data);
    assert.equal(v.status, 0, `${v.stdout}\n${v.stderr}`);
    for (const b of browsers) { b.close(); }
    t.diagnostic(`${load.acknowledged.size} reports (two writes each) in ${ms} ms into one community by ${WRITERS} writers at 3 processes; statuses ${JSON.stringify([...load.status])}; chain of ${chain.n}`);
});

test("what one changes the others show at once", async () => {
    const b = await signedIn(processes[0].base, people[2]);
    const id = String(sql(data, `SELECT id FROM report WHERE community = ${COMMUNITY} AND title LIKE '三进程%' ORDER BY id DESC LIMIT 1`)[0].id);
    for (let n = 0; n < 5; n++) {
        const a = await b.submit(await b.form(`/p/${COMMUNITY}/report/${id}`, /comment$/), { body: `第${n}次说` });
        assert.equal(a.status, 303, a.text.slice(0, 300));
        for (const i of [1, 2]) { assert.match((await at(b, i).get(`/p/${COMMUNITY}/report/${id}`)).text, new RegExp(`第${n}次说`)); }
    }
    const url = urlOf(data);
    psql(url, `UPDATE estate SET name = '改名新村' WHERE community = ${COMMUNITY}`);
    const c = sql(data, `SELECT code, name_en, words, grade, limit_amount, limit_unit FROM report_category WHERE code = '${b.category}'`)[0], table = join(data, "..", "categories.csv");
    writeFileSync(table, `code,name,name_en,words,grade,limit_amount,limit_unit\n${c.code},改名类别,${c.name_en},${c.words},${c.grade},${c.limit_amount},${c.limit_unit}\n`);
    const imported = lilong("import", "categories", table, "--data", data);
    assert.equal(imported.status, 0, imported.stderr);
    for (const i of [0, 1, 2]) {
        assert.match((await at(b, i).get(`/p/${COMMUNITY}/report/new`)).text, /改名类别/);
    }
});

test("each message is sent once, each clock rings once", { timeout: 100000 }, async (t) => {
    const url = urlOf(data);
    /* forty limits that are over, all at once */
    const late = sql(data, `SELECT id FROM report WHERE community = ${COMMUNITY} AND state = 'reported' AND escalated_at = 0 ORDER BY id DESC LIMIT 40`).map((r) => String(r.id));
    assert.ok(late.length >= 20, `${late.length} open reports`);
    psql(url, `UPDATE clock SET warn_at = 0, due_at = 1000, next_at = 1 WHERE community = ${COMMUNITY} AND subject_kind = 'report' AND stopped_at = 0 AND subject IN (${late.join(",")})`);
    psql(url, `UPDATE report SET answer_due = 1000 WHERE community = ${COMMUNITY} AND id IN (${late.join(",")})`);
    /* In a demo world codes are shown, not sent: the same database without that mark, by three more processes. */
    const real = join(data, "..", "real", "data"); /* with a log of its own */
    cpSync(data, real, { recursive: true });
    rmSync(join(real, "DEMO"));
    const senders = [];
    for (const n of [4, 5, 6]) { senders.push(await serve(real, { args: [`--database.node=${n}`, "--sms.driver=console"] })); }
    const sms = 60, browsers = [];
    await Promise.all(Array.from({ length: sms }, async (_, i) => {
        const b = new Browser(senders[i % 3].base);
        browsers.push(b);
        const a = await b.submit(await b.form("/sign-in", "/sign-in/phone"), { phone: String(13700000000 + i) });
        assert.ok([200, 303].includes(a.status), a.text.slice(0, 200));
    }));
    const all = [...processes, ...senders], printed = () => all.flatMap( /* whoever has the lease delivers */ (p) => [...p.out.matchAll(/^SMS (137\d{8})/gm)].map((m) => m[1]));
    await until("all messages are out", 60000, () => new Set(printed()).size === sms);
    await until("all clocks have rung", 90000, () => Number(sql(data, `SELECT COUNT(*) AS n FROM clock WHERE community = ${COMMUNITY} AND next_at = 1`)[0].n) === 0);
    await new Promise((ok) => setTimeout(ok, 3000));
    assert.equal(printed().length, sms, "a message went out twice");
    const rung = sql(data, `SELECT subject, COUNT(*) AS n FROM ledger WHERE community = ${COMMUNITY} AND verb = 'escalated' AND subject IN (${late.join(",")}) GROUP BY subject`);
    assert.equal(rung.length, late.length);
    assert.deepEqual(rung.filter((r) => Number(r.n) !== 1), []);
    for (const b of browsers) { b.close(); }
    for (const p of senders) { await p.stop(); }
    t.diagnostic(`${sms} messages by ${all.map((p) => [...p.out.matchAll(/^SMS 137/gm)].length).join(" + ")} of the six; ${late.length} clocks`);
});

test("who guesses passwords waits, at whichever process", async () => {
    const login = String(sql(data, "SELECT login FROM person_login ORDER BY login LIMIT 1")[0].login), texts = [];
    for (let n = 0; n < 8; n++) {
        const b = new Browser(processes[n % 3].base);
        const a = await b.submit(await b.form("/sign-in/password", /password/), { login, password: "Kranich-im-Regen-7" });
        texts.push(/试得太多了/.test(a.text));
        b.close();
    }
    const first = texts.indexOf(true);
    assert.ok(first > 0 && first < 8 && texts.slice(first).every(Boolean), `told to wait: ${texts}`);
});

test("a table of holidays is in every process within a minute", { timeout: 100000 }, async (t) => {
    const version = String(sql(data, "SELECT MAX(version) AS version FROM holiday_year")[0].version);
    /* they write one log: each says once that it has this version */
    await until("all three have it", Math.max(1000, imported + 75000 - Date.now()), () => (readFileSync(processes[0].log, "utf8").match(new RegExp(`calendar\\.loaded.*${version}`, "g")) || []).length === 3);
    t.diagnostic(`all three, at most ${Date.now() - imported} ms after the import`);
});

test("one is killed while it works: the others go on, and its work is taken over", { timeout: 150000 }, async (t) => {
    const browsers = [await signedIn(processes[1].base, people[3]), await signedIn(processes[2].base, people[4])];
    const load = new Load(browsers, 8, "少一个").start();
    await new Promise((ok) => setTimeout(ok, 500));
    await processes[0].kill();
    /* as if it had died in the middle of all of its jobs */
    psql(urlOf(data), `UPDATE job SET holder = 1, lease_until = ${Date.now() + 3000}, next_at = 1`);
    const due = Date.now();
    await new Promise((ok) => setTimeout(ok, 2000));
    await load.stop();
    assert.equal([...load.status.keys()].filter((s) => s >= 500).length, 0, JSON.stringify([...load.status]));
    await until("somebody else runs what it held", 90000, () => Number(sql(data, "SELECT COUNT(*) AS n FROM job WHERE last_at > " + due)[0].n) >= 3);
    t.diagnostic(`${load.acknowledged.size} writes beside it, none refused; its jobs ran elsewhere after ${Date.now() - due} ms (lease of 3 s)`);
    for (const b of browsers) { b.close(); }
});
