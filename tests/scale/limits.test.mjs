/* limits.test.mjs: what a person may do in a minute is the same at one process and at three of them on one database; the one who goes from one to the next gains nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, COMMUNITY, psql, serve, sql, urlOf } from "../support/world.mjs";
import { until, world as demoWorld } from "./cluster.mjs";
import { residents, signedIn } from "./writers.mjs";

const BURST = 40, EACH_SECOND = 1; /* of RATE_WRITE, a person: limit.c */
let data, processes = [], people, report;

before(async () => {
    data = demoWorld().data;
    people = residents(data);
    report = String(sql(data, `SELECT MAX(id) AS id FROM report WHERE community = ${COMMUNITY}`)[0].id);
    for (const n of [1, 2, 3]) { processes.push(await serve(data, { args: [`--database.node=${n}`], limits: "100" })); }
    await known(3);
}, { timeout: 170000 });
after(async () => { for (const p of processes) { await p.kill(); } });

/* They know of each other when the table has them, and each has looked since. */
async function known(n) {
    await until(`${n} processes`, 20000, () => Number(psql(urlOf(data), `SELECT COUNT(*) FROM rate_process WHERE seen_at > ${Date.now() - 4000}`)) === n);
    await new Promise((ok) => setTimeout(ok, 2500));
}

const at = (browser, i) => { const b = new Browser(processes[i].base); b.cookies = browser.cookies; b.writeToken = browser.writeToken; return b; };

/* Presses as fast as it goes, at these processes in turn; how often it was let through, and in how many seconds. */
async function press(browsers, times, pause = 0) {
    const began = Date.now();
    let through = 0, refused = 0;
    for (let n = 0; n < times; n++) {
        const b = browsers[n % browsers.length];
        const a = await b.post(`/p/${COMMUNITY}/report/${report}/follow`, { _csrf: b.writeToken, _key: `press-${began}-${n}`, on: String(n % 2) }, { json: true });
        assert.ok([200, 201, 303, 429].includes(a.status), `${a.status} ${a.text.slice(0, 200)}`);
        if (a.status === 429) {
            refused++;
            assert.ok(Number(a.headers["retry-after"]) >= 1);
        } else { through++; }
        if (pause) { await new Promise((ok) => setTimeout(ok, pause)); }
    }
    return { through, refused, seconds: (Date.now() - began) / 1000 };
}

test("three processes let through what one would", { timeout: 120000 }, async (t) => {
    const b = await signedIn(processes[0].base, people[0]);
    const r = await press([b, at(b, 1), at(b, 2)], 300, 10);
    const most = BURST + r.seconds * EACH_SECOND;
    assert.ok(r.refused > 0 && r.through <= most * 1.25 + 3, `${r.through} of at most ${most}: ${JSON.stringify(r)}`);
    assert.ok(r.through >= BURST / 3, `too few: ${r.through}`);
    t.diagnostic(`${r.through} in ${r.seconds} s; one process would let ${Math.floor(most)} through, three that know nothing of each other ${3 * BURST}`);
});

test("who is at the limit at one process is at it at the others", { timeout: 120000 }, async (t) => {
    const b = await signedIn(processes[0].base, people[1]);
    const first = await press([b], 160, 10);
    assert.ok(first.refused > 0);
    await new Promise((ok) => setTimeout(ok, 500));
    const second = await press([at(b, 1)], 60, 10), third = await press([at(b, 2)], 60, 10);
    const seconds = first.seconds + second.seconds + third.seconds + 0.5, all = first.through + second.through + third.through;
    assert.ok(all <= (BURST + seconds * EACH_SECOND) * 1.25 + 15, `${all} in ${seconds} s`); /* a busy machine hears a little late; knowing nothing lets three times as many through */
    t.diagnostic(`${first.through} + ${second.through} + ${third.through} in ${seconds.toFixed(1)} s`);
});

test("another person is not kept waiting by it", { timeout: 60000 }, async () => {
    const b = await signedIn(processes[0].base, people[2]);
    const r = await press([b], 5);
    assert.equal(r.through, 5);
});

test("one that is left alone has the whole limit", { timeout: 120000 }, async (t) => {
    for (const p of processes.slice(1)) { await p.stop(); }
    await new Promise((ok) => setTimeout(ok, 3000));
    assert.equal(Number(psql(urlOf(data), "SELECT COUNT(*) FROM rate_process")), 1, "who leaves says so");
    const b = await signedIn(processes[0].base, people[3]);
    const r = await press([b], 100);
    assert.ok(r.through >= BURST - 2 && r.through <= BURST + r.seconds * EACH_SECOND + 3, JSON.stringify(r));
    t.diagnostic(`${r.through} in ${r.seconds} s`);
});
