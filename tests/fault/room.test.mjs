/* room.test.mjs: descriptors are out, memory is out. Whoever is served goes on being served, nobody is told an untruth, and it heals by itself. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import net from "node:net";
import { test } from "node:test";
import { BINARY, Browser, COMMUNITY, copyWorld, lilong, serve, tail } from "../support/world.mjs";
import { LONG, Writers, logLines, until, wait } from "./layer.mjs";

const limit = (pid, what, value) => {
    const r = spawnSync("prlimit", ["--pid", String(pid), `--${what}=${value}:`], { encoding: "utf8" });
    assert.equal(r.status, 0, r.stderr);
};
const connect = (base) => new Promise((ok) => {
    const url = new URL(base), s = net.connect(Number(url.port), url.hostname);
    s.on("connect", () => ok(s)).on("error", () => ok(null));
});

test("descriptors are out: who is in is served, the others wait, and it heals", { timeout: 300000 }, async (t) => {
    /* of 300 descriptors 128 are kept for the database, photos and the rest */
    const data = copyWorld(), writers = new Writers(data, { photos: 4, agent: 4 }), world = await serve(data, { prefix: ["prlimit", "--nofile=300:300"] });
    await writers.signIn(world.base);
    const crowd = writers.run(32);
    await until("writes", 10000, () => writers.acknowledged.size > 16);
    for (let round = 0; round < (LONG ? 10 : 1); round++) {
        const idle = (await Promise.all(Array.from({ length: 400 }, () => connect(world.base)))).filter(Boolean);
        await until("it is full", 5000, () => logLines(world, "http.full").length > round);
        const had = writers.acknowledged.size;
        await until("who is in goes on writing", 15000, () => writers.acknowledged.size > had + 8);
        for (let i = 0; i < 24; i++) {
            const a = await writers.browsers[i % writers.browsers.length].get(`/p/${COMMUNITY}/report`);
            assert.equal(a.status, 200, "reading, while it is full");
        }
        for (const s of idle) { s.destroy(); }
        const b = new Browser(world.base);
        await until("a new client is served", 5000, async () => (await b.get("/readyz")).status === 200);
        b.close();
    }
    await crowd.stop();
    assert.deepEqual([...writers.status.keys()], [201], tail(world.log));
    /* and when there are none left at all, not even those that were kept */
    const last = writers.run(32);
    for (let round = 0; round < (LONG ? 20 : 3); round++) {
        limit(world.pid, "nofile", readdirSync(`/proc/${world.pid}/fd`).length - 1 + 2 * (round % 3));
        const b = new Browser(world.base);
        const asked = b.get("/readyz").catch(() => null); /* it waits */
        await wait(700);
        assert.equal(world.ended, null, tail(world.log));
        limit(world.pid, "nofile", 300);
        await asked;
        const had = writers.acknowledged.size;
        await until("it writes again", 10000, () => writers.acknowledged.size > had);
        b.close();
    }
    await last.stop();
    await writers.finish();
    assert.deepEqual([...writers.status.keys()].filter((s) => s !== 201 && s !== 503), [], tail(world.log));
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
    writers.check();
    assert.equal(lilong("verify", "--data", data).status, 0);
    t.diagnostic(`${writers.acknowledged.size} acknowledged; statuses ${JSON.stringify([...writers.status])}`);
});

test("started with few descriptors, it takes fewer connections", { timeout: 60000 }, async (t) => {
    const world = await serve(copyWorld(), { prefix: ["prlimit", "--nofile=64:64"] }), b = new Browser(world.base);
    assert.equal((await b.get("/readyz")).status, 200);
    assert.equal((await b.get(`/p/${COMMUNITY}`)).status, 200);
    b.close();
    assert.equal((await world.stop()).code, 0, tail(world.log));
});

test("memory is out: requests are refused, the process stays, and it heals", { timeout: 300000 }, async (t) => {
    if (/libasan/.test(spawnSync("ldd", [BINARY], { encoding: "utf8" }).stdout)) { t.skip("the sanitizer needs its memory"); return; }
    const data = copyWorld(), writers = new Writers(data, { photos: 3, agent: 8 }), world = await serve(data);
    await writers.signIn(world.base);
    await writers.write(writers.fresh());
    const seen = new Map();
    for (let round = 0; round < (LONG ? 30 : 4); round++) {
        const crowd = writers.run(24);
        await wait(200);
        const size = Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${world.pid}/status`, "utf8"))[1]) * 1024;
        limit(world.pid, "as", size + (round % 4) * 300000); /* a thread's stack or a large answer does not fit any more */
        const readers = Array.from({ length: 400 }, async () => {
            const b = new Browser(world.base);
            for (let i = 0; i < 2; i++) {
                /* a connection that cannot be had is a refusal too */
                const a = await b.get(`/p/${COMMUNITY}/report`).catch(() => ({ status: 0 }));
                seen.set(a.status, (seen.get(a.status) || 0) + 1);
            }
            b.close();
        });
        await Promise.all(readers);
        assert.equal(world.ended, null, `memory is out (${round}): ${JSON.stringify(world.ended)}\n${tail(world.log)}`);
        limit(world.pid, "as", "unlimited");
        const had = writers.acknowledged.size;
        await until("it writes again", 10000, () => writers.acknowledged.size > had);
        await crowd.stop();
    }
    await writers.finish();
    const b = new Browser(world.base);
    assert.equal((await b.get("/readyz")).status, 200);
    b.close();
    assert.deepEqual([...seen.keys()].filter((s) => ![0, 200, 503].includes(s)), [], JSON.stringify([...seen]));
    assert.deepEqual([...writers.status.keys()].filter((s) => s !== 201 && s !== 503), [], tail(world.log));
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
    writers.check();
    assert.equal(lilong("verify", "--data", data).status, 0);
    t.diagnostic(`reads ${JSON.stringify([...seen])}; writes ${JSON.stringify([...writers.status])}`);
});
