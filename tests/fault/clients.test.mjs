/* clients.test.mjs: slow clients by the thousand, a bad request in the middle of good ones, a flood of sign-ins. The others do not notice. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { BINARY, Browser, COMMUNITY, ROOT, copyWorld, lilong, serve, sql, tail } from "../support/world.mjs";
import { LONG, Writers, quantile, until, wait } from "./layer.mjs";

const BYTES_A_SECOND = 16384;
const SLOW = join(process.env.LILONG_BUILD || dirname(BINARY), "slow");

/* What four people at once wait for a page: milliseconds, each request. */
function readers(world, writers, path = `/p/${COMMUNITY}/report`) {
    let on = true;
    const times = [], wrong = [];
    const all = Promise.all(Array.from({ length: 4 }, async (_, i) => {
        const b = writers.browsers[i % writers.browsers.length];
        while (on) {
            const from = process.hrtime.bigint();
            const a = await b.get(path).catch((e) => ({ status: e.message }));
            times.push(Number(process.hrtime.bigint() - from) / 1e6);
            if (a.status !== 200) { wrong.push(a.status); }
            await wait(5);
        }
    }));
    return { times, wrong, stop: async () => { on = false; await all; } };
}

/* The bound of the requirement; on a machine that is too busy to keep it without any attack, three times what it does without, before and after. */
const bound = (ms, ...calm) => Math.max(ms, 3 * Math.max(...calm.map((c) => quantile(c.times, 0.99))));

async function calm(world, writers, ms) {
    const r = readers(world, writers);
    await wait(ms);
    await r.stop();
    return r;
}

test("slow clients cost the others nothing, and are closed in time", { timeout: 400000 }, async (t) => {
    const n = LONG ? 4000 : 400, header = LONG ? 15000 : 3000, body = LONG ? 120000 : 6000, seconds = LONG ? 150 : 12;
    const env = { LILONG_HTTP_HEADER_MS: String(header), LILONG_HTTP_BODY_MS: String(body) };
    const data = copyWorld(), writers = new Writers(data), world = await serve(data, { env });
    await writers.signIn(world.base);
    const before = await calm(world, writers, LONG ? 5000 : 2000);
    /* whoever reads nothing asks for the largest page: half a minute, and a second more for each 16 KiB of it (src/engine/http/private.h) */
    const reading = 30000 + 1000 * (await writers.browsers[0].get("/api/openapi.json")).text.length / BYTES_A_SECOND;
    for (const [kind, least, most] of [["headers", header, header], ["body", body, body], ["idle", header, header], ...(LONG ? [["reading", 30000, reading], ["mixed", header, body]] : [])]) {
        const slow = spawn(SLOW, [new URL(world.base).port, String(n), kind, String(seconds)], { stdio: ["ignore", "pipe", "inherit"] });
        let out = "";
        slow.stdout.on("data", (d) => { out += d; });
        const over = new Promise((ok) => slow.on("exit", ok));
        await until("the slow ones are there", 30000, () => /opened=\d+\n/.test(out));
        const during = readers(world, writers);
        const wrote = await Promise.all(Array.from({ length: 8 }, () => writers.write(writers.fresh())));
        assert.equal(wrote.length, 8);
        await over;
        await during.stop();
        const [, opened, closed, first, last] = /opened=(\d+) closed=(\d+) first_ms=(\d+) last_ms=(\d+)/.exec(out).map(Number);
        const p99 = quantile(during.times, 0.99);
        t.diagnostic(`${kind}: ${opened} opened, ${closed} closed after ${first} to ${last} ms; p99 of the others ${p99.toFixed(1)} ms (before: ${quantile(before.times, 0.99).toFixed(1)} ms; ${during.times.length} requests)`);
        assert.equal(opened, n, kind);
        assert.equal(closed, opened, `${kind}: ${opened - closed} were left open`);
        assert.ok(first >= Math.min(least, 1000) && last <= most + 5000, `${kind}: closed after ${first} to ${last} ms`);
        assert.deepEqual(during.wrong, [], kind);
        assert.ok(p99 <= 200 || p99 <= bound(200, before, await calm(world, writers, 2000)), `${kind}: p99 ${p99} ms`);
    }
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
});

test("one bad request among 63 good ones", { timeout: 120000 }, async (t) => {
    const data = copyWorld(), writers = new Writers(data, { agent: 64 }), world = await serve(data);
    await writers.signIn(world.base);
    for (let round = 0; round < (LONG ? 100 : 5); round++) {
        /* 64 drafts; then all are sent at the same moment, but one of them is somebody else's, or gone, or its key was used for another one */
        const drafts = [];
        await Promise.all(Array.from({ length: 64 }, async (_, i) => {
            const b = writers.browsers[i % writers.browsers.length], title = `一批${round}-${i}`;
            const a = await b.post(`/p/${COMMUNITY}/report/draft`, { _csrf: b.writeToken, _key: `${title}-draft`, title, spot: "北门", category: b.category }, { json: true });
            assert.equal(a.status, 201);
            drafts[i] = { b, title, id: /draft\/(\d+)/.exec(a.json.location)[1], key: `${title}-send` };
        }));
        const bad = 31, kind = round % 3;
        if (kind === 0) { drafts[bad].b = writers.browsers[(bad + 1) % writers.browsers.length]; }
        if (kind === 1) { drafts[bad].id = "4"; }
        if (kind === 2) { drafts[bad].key = drafts[bad % 8 === 7 ? 7 : bad % 8].key; }
        const answers = await Promise.all(drafts.map((d) => d.b.post(`/p/${COMMUNITY}/report/draft/${d.id}/send`, { _csrf: d.b.writeToken, _key: d.key }, { json: true })));
        assert.deepEqual(answers.map((a) => a.status).filter((s, i) => i !== bad && s !== 201), [], `round ${round}: the good ones`);
        assert.ok(answers[bad].status >= 400 && answers[bad].status < 500, `round ${round}: the bad one: ${answers[bad].status} ${answers[bad].text.slice(0, 200)}`);
        for (const [i, d] of drafts.entries()) { d.sent = answers[i].status === 201; }
        writers.batch = [...(writers.batch || []), ...drafts];
    }
    const metrics = (await writers.browsers[0].get("/metrics")).text, most = Number(/^lilong_writer_batch_max (\d+)/m.exec(metrics)[1]);
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
    const there = new Set(sql(data, `SELECT title FROM report WHERE community = ${COMMUNITY} AND title LIKE '一批%'`).map((r) => r.title));
    assert.deepEqual(writers.batch.filter((d) => there.has(d.title) !== d.sent).map((d) => d.title), []);
    assert.equal(lilong("verify", "--data", data).status, 0);
    t.diagnostic(`the largest commit had ${most} writes`);
    assert.ok(most >= 16, `the largest commit had ${most} writes: they never met`);
});

test("a flood of sign-ins does not stop reading", { timeout: 120000 }, async (t) => {
    const data = copyWorld(), writers = new Writers(data), world = await serve(data);
    await writers.signIn(world.base);
    const before = await calm(world, writers, 2000);
    const flood = spawn(process.execPath, [join(ROOT, "tests/fault/flood.mjs"), world.base, "96"], { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    flood.stdout.on("data", (d) => { out += d; });
    const over = new Promise((ok) => flood.on("exit", ok));
    await wait(1500);
    const during = await calm(world, writers, LONG ? 30000 : 6000);
    flood.kill("SIGTERM");
    await over;
    const tried = new Map(JSON.parse(out));
    const p99 = quantile(during.times, 0.99);
    t.diagnostic(`sign-ins ${JSON.stringify([...tried])}; reading p99 ${p99.toFixed(1)} ms (before: ${quantile(before.times, 0.99).toFixed(1)} ms; ${during.times.length} requests)`);
    assert.deepEqual(during.wrong, []);
    assert.ok(tried.get(422) > 50 && [...tried.keys()].every((s) => s === 422 || s === 503), JSON.stringify([...tried]));
    assert.ok(p99 <= 100 || p99 <= bound(100, before, await calm(world, writers, 2000)), `p99 ${p99} ms`);
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
});
