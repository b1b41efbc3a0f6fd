/* restart.test.mjs: started anew under load, the clock jumps, an upgrade is cut off, the file is damaged, a second process comes. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import http from "node:http";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { BINARY, Browser, COMMUNITY, copyWorld, lilong, serve, sql, tail } from "../support/world.mjs";
import { LONG, Layer, SEED, Writers, logLines, random, until, wait } from "./layer.mjs";

const BUILD = process.env.LILONG_BUILD || dirname(BINARY);

/* People who read, on connections that stay open and on new ones; every request that gets no good answer is kept. */
function people(world, browsers) {
    let on = true;
    const failed = [], slowest = { ms: 0 };
    const one = async (ask, what) => {
        for (let n = 0; on; n++) {
            const from = Date.now();
            const a = await ask(n).catch((e) => ({ status: `${e.code || ""} ${e.message}` }));
            slowest.ms = Math.max(slowest.ms, Date.now() - from);
            slowest.n = (slowest.n || 0) + 1;
            if (a.status !== 200) { failed.push(`${what}: ${a.status}`); }
            await wait(n % 7);
        }
    };
    const fresh = (path) => new Promise((ok, bad) => http.get(new URL(path, world.base), { agent: false, headers: { Connection: "close" } }, (rs) => { rs.resume(); rs.on("end", () => ok({ status: rs.statusCode })).on("error", bad); }).on("error", bad));
    const all = [...browsers.map((b) => one(() => b.get(`/p/${COMMUNITY}/report`), "kept open")), one(() => fresh("/healthz"), "new"), one(() => fresh("/sign-in"), "new")];
    return { failed, slowest, stop: async () => { on = false; await Promise.all(all); } };
}

async function restarts(t, world, data, again) {
    const writers = new Writers(data, { photos: 7, agent: 4 });
    await writers.signIn(world.base);
    const broken = [], write = writers.write.bind(writers);
    writers.write = (w) => write(w).catch((e) => { broken.push(e.busy ? `503 ${e.busy.path}` : `${e.code || ""} ${e.message}`); throw e; });
    const crowd = writers.run(12), readers = people(world, writers.browsers.slice(0, 4));
    for (let i = 1; i <= (LONG ? 20 : 4); i++) {
        await wait(500 + 150 * (i % 5));
        const had = writers.acknowledged.size;
        again();
        await until(`ready after start ${i}`, 20000, () => logLines(world, "serve.ready").length > i);
        await until(`writes after start ${i}`, 20000, () => writers.acknowledged.size > had + 5);
    }
    await readers.stop();
    await crowd.stop();
    await writers.finish();
    const e = await world.stop();
    writers.close();
    assert.deepEqual([...readers.failed, ...broken], [], "requests that failed");
    assert.equal(e.code, 0, tail(world.log));
    writers.check();
    assert.equal(lilong("verify", "--data", data).status, 0);
    /* what stopped had closed the database before the next one opened it */
    const lines = readFileSync(world.log, "utf8").split("\n").filter((l) => /"event":"(serve.stopped|db.open)"/.test(l)).map((l) => JSON.parse(l).event);
    lines.forEach((event, i) => assert.equal(event, i % 2 ? "serve.stopped" : "db.open", lines.join(" ")));
    t.diagnostic(`${(lines.length / 2) - 1} restarts; ${writers.acknowledged.size} reports and ${readers.slowest.n} reads, none failed; the slowest waited ${readers.slowest.ms} ms`);
}

test("SIGUSR2: the next one takes the socket over, and no request fails", { timeout: 300000 }, async (t) => {
    const data = copyWorld(), world = await serve(data);
    await restarts(t, world, data, () => process.kill(world.pid, "SIGUSR2"));
});

test("started anew by the service manager that holds the socket: no request fails", { timeout: 300000 }, async (t) => {
    const data = copyWorld(), world = await serve(data, { prefix: [join(BUILD, "activate")] });
    await restarts(t, world, data, () => process.kill(world.pid, "SIGHUP"));
});

/* ---- clocks */

const FAKETIME = ["x86_64", "aarch64"].map((m) => `/usr/lib/${m}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);

test("the clock jumps: nobody is signed out, timers go on, limits are right", { timeout: 180000 }, async (t) => {
    assert.ok(FAKETIME, "the package faketime is needed");
    const data = copyWorld(), clock = join(dirname(data), "clock"), set = (s) => writeFileSync(clock, s);
    set("+0");
    const asan = /libasan\.so\S* => (\S+)/.exec(spawnSync("ldd", [BINARY], { encoding: "utf8" }).stdout || "")?.[1];
    const world = await serve(data, { env: { LD_PRELOAD: [asan, FAKETIME].filter(Boolean).join(" "), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1", DONT_FAKE_MONOTONIC: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" } });
    const writers = new Writers(data);
    await writers.signIn(world.base);
    for (const jump of ["+3h", "+0", "-3h", "+0", "+10d", "+0"]) {
        set(jump);
        await wait(300);
        const crowd = writers.run(8), had = writers.acknowledged.size;
        await until(`writes at ${jump}`, 15000, () => writers.acknowledged.size > had + 8);
        await crowd.stop();
        assert.equal((await writers.browsers[1].get("/me")).status, 200, `signed in at ${jump}`);
        /* the reaper, the jobs and the limits run by the other clock: the process neither spins nor sleeps. What the jump has made due is worked off
         * first; whoever spins is busy for ever. */
        const ticks = () => readFileSync(`/proc/${world.pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).reduce((sum, n) => sum + Number(n), 0);
        let busy = Infinity;
        for (let look = 0; look < 8 && busy > 60; look++) {
            const before = ticks();
            await wait(1200);
            busy = ticks() - before; /* hundredths of a second */
        }
        assert.ok(busy <= 60, `at ${jump} it spins`);
        assert.equal((await writers.browsers[1].get("/readyz")).status, 200);
    }
    assert.deepEqual([...writers.status.keys()], [201]);
    const last = await writers.write(writers.fresh());
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
    writers.check();
    const whole = lilong("verify", "--data", data);
    assert.equal(whole.status, 0, whole.stdout + whole.stderr);
    /* the limit of the last report is that of a report written now: in front of it, no more than four days */
    const due = sql(data, `SELECT MIN(due_at) AS d FROM clock WHERE community = ${COMMUNITY} AND subject = ${last}`)[0]?.d;
    assert.ok(Number(due) > Date.now() - 60000 && Number(due) < Date.now() + 10 * 86400e3, `due at ${due}`);
});

/* ---- upgrades */

test("an upgrade that is killed half-way goes on where it was", { timeout: 180000 }, async (t) => {
    const dice = random(SEED);
    let cut = 0;
    for (let round = 0; round < (LONG ? 40 : 4); round++) {
        const data = copyWorld(), file = join(data, "lilong.db"), before = statSync(file).size;
        const steps = sql(data, "SELECT version, name FROM schema_version ORDER BY version");
        /* from the very beginning, in a folder of its own: keys of this world, and no database yet */
        execFileSync("rm", ["-f", file, `${file}-wal`, `${file}-shm`]);
        const layer = new Layer(data);
        layer.set({ action: round % 2 ? "killAfter" : "killBefore", ops: [round % 4 < 2 ? "sync" : "write"], files: "log", after: round ? dice.below(round % 4 < 2 ? 2 : 40) : 0 }); /* the first surely in front of the end; the steps are some 40 writes of the log */
        const first = await layer.serve().then((w) => w, (e) => e);
        if (!(first instanceof Error)) { await first.kill(); }
        layer.set();
        /* all steps, or none */
        const half = Number(spawnSync("sqlite3", [file, "SELECT COUNT(*) FROM schema_version"], { encoding: "utf8" }).stdout.trim() || 0);
        assert.ok(half === 0 || half === steps.length, `cut off after ${half} of ${steps.length} steps`);
        cut += half === 0;
        const world = await layer.serve();
        assert.equal((await world.stop()).code, 0, tail(world.log));
        assert.deepEqual(sql(data, "SELECT version, name FROM schema_version ORDER BY version"), steps, `round ${round}: cut off after ${half} steps`);
        assert.deepEqual(sql(data, "SELECT integrity_check AS c FROM pragma_integrity_check").map((r) => r.c), ["ok"]);
        assert.ok(before > 0);
    }
    t.diagnostic(`${cut} times cut off before the end`);
    assert.ok(cut > 0);
});

/* ---- damage, and a second one */

const shape = (text) => text.replace(/\s+/g, " ");

test("a damaged file: it does not start, and says what to do", { timeout: 120000 }, async (t) => {
    const dice = random(SEED), from = copyWorld();
    for (const [what, at, bytes] of [["the head", 0, 64], ["the first page", 100, 200], ["a page in the middle", -1, 4096], ["cut off", -2, 0]]) {
        const data = join(dirname(from), `damaged${dice.below(1e9)}`);
        execFileSync("cp", ["-a", from, data]);
        const file = join(data, "lilong.db"), size = statSync(file).size, fd = openSync(file, "r+");
        if (at === -2) { spawnSync("truncate", ["-s", String(Math.floor(size / 8192) * 4096), file]); } else {
            const noise = Buffer.from(Array.from({ length: bytes }, () => dice.below(256)));
            /* in the middle: a page that is read at the start, the table of scheduled work */
            const page = at === -1 ? Number(sql(data, "SELECT rootpage FROM sqlite_master WHERE name = 'job'")[0].rootpage) : 0;
            writeSync(fd, noise, 0, bytes, at === -1 ? (page - 1) * 4096 : at);
        }
        closeSync(fd);
        const r = spawnSync(BINARY, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { encoding: "utf8", timeout: 20000 });
        assert.ok(r.status > 0, `${what}: it starts (${r.status} ${r.signal})\n${r.stdout}\n${r.stderr}`);
        assert.match(shape(r.stderr), /lilong restore --data/, `${what}: the command is not named:\n${r.stderr}`);
        assert.equal(r.stdout, "", what);
    }
    t.diagnostic("four kinds of damage");
});

test("flipped bytes in the log: it does not start when acknowledged work stands behind them", { timeout: 120000 }, async (t) => {
    const data = copyWorld(), writers = new Writers(data), dice = random(SEED);
    const world = await serve(data);
    await writers.signIn(world.base);
    for (let i = 0; i < 10; i++) { await writers.write(writers.fresh()); }
    await world.kill();
    writers.close();
    const wal = join(data, "lilong.db-wal"), good = readFileSync(wal);
    for (const part of [0, 0.0001, 0.1, 0.3, 0.6, 0.8]) {
        const bad = Buffer.from(good), at = Math.floor(good.length * part) + dice.below(20);
        bad[at] ^= 1 << dice.below(8);
        writeFileSync(wal, bad);
        const r = spawnSync(BINARY, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { encoding: "utf8", timeout: 10000 });
        assert.ok(r.status > 0, `a bit at ${at} of ${good.length} bytes: it starts (${r.status} ${r.signal})\n${r.stdout}\n${r.stderr}`);
        assert.match(r.stderr, /lilong restore --data/);
        assert.ok(readFileSync(wal).equals(bad), "the log was touched");
    }
    /* the end of a log that was being written is no damage */
    writeFileSync(wal, good.subarray(0, good.length - 5000));
    const again = await serve(data);
    assert.equal((await again.stop()).code, 0, tail(again.log));
    const v = lilong("verify", "--data", data);
    assert.equal(v.status, 0, `${v.stdout}\n${v.stderr}`);
    t.diagnostic(`${good.length} bytes of log, six bits`);
});

test("a second process on the same folder is refused, in one clear line", { timeout: 60000 }, async () => {
    const data = copyWorld(), world = await serve(data);
    for (const args of [["serve", "--data", data, "--listen", "127.0.0.1:0"], ["verify", "--rebuild-figures", "--data", data]]) {
        const r = spawnSync(BINARY, args, { encoding: "utf8", timeout: 20000 });
        assert.equal(r.status, 69, `${args[0]}: ${r.status} ${r.stderr}`);
        assert.match(r.stderr, new RegExp(`another process ${world.pid} uses the database`), r.stderr);
        assert.equal(r.stderr.trim().split("\n").filter((l) => !l.startsWith("{")).length, 1, r.stderr);
    }
    const b = new Browser(world.base);
    assert.equal((await b.get("/readyz")).status, 200);
    b.close();
    assert.equal((await world.stop()).code, 0);
    /* after a fall the lock is nobody's */
    const next = await serve(data);
    await next.kill();
    const last = await serve(data);
    assert.equal((await last.stop()).code, 0);
});
