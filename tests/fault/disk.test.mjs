/* disk.test.mjs: the disk fails once, now and then, for ever; it is full, and has room again. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Browser, COMMUNITY, copyWorld, lilong, tail } from "../support/world.mjs";
import { ENOSPC, EIO, LONG, Layer, SEED, Writers, logLines, random, until, wait } from "./layer.mjs";

function whole(writers, data, what) {
    writers.check(data);
    const v = lilong("verify", "--data", data);
    assert.equal(v.status, 0, `${what}: verify:\n${v.stdout}\n${v.stderr}`);
}

const HOW = [["once", { times: 1 }], ["for ever", { times: -1 }], ["at random", { times: -1, percent: 7 }]];
const WHERE = [
    ["the sync of the log", { ops: ["sync"], files: "log" }, 40],
    ["a write of the log", { ops: ["write"], files: "log" }, 900],
    ["the sync of the file", { ops: ["sync"], files: "database" }, 1],
    ["a write of the file", { ops: ["write"], files: "database" }, 60],
    ["any operation", { ops: ["write", "sync", "truncate"], files: "any" }, 900],
];

test("a failing disk stops the process, and nothing false is said", { timeout: 1800000 }, async (t) => {
    const dice = random(SEED), data = copyWorld(), layer = new Layer(data), writers = new Writers(data, { photos: 9 }), stops = [];
    t.diagnostic(`seed ${SEED}`);
    let world = await layer.serve();
    await writers.signIn(world.base);
    for (let pass = 0; pass < (LONG ? 8 : 1); pass++) {
        for (const [where, fault, within] of WHERE) {
            for (const [how, more] of HOW) {
                /* the short form has each place and each way, not each pair */
                if (!LONG && (WHERE.findIndex((w) => w[0] === where) + HOW.findIndex((h) => h[0] === how)) % 3) { continue; }
                const what = `seed ${SEED}: ${where} fails ${how}`, crowd = writers.run(24);
                await wait(300);
                layer.set({ action: "fail", errno: EIO, after: dice.below(within), ...fault, ...more });
                for (const end = Date.now() + (fault.files === "database" ? (LONG ? 20000 : 6000) : LONG ? 90000 : 15000); !world.ended && Date.now() < end;) { await wait(10); }
                const hits = layer.hits, files = fault.files;
                await crowd.stop();
                layer.set();
                if (!world.ended && files === "database" && !hits) { /* the log was not written back in that time: it is when it stops */
                    layer.set({ action: "fail", errno: EIO, ...fault, ...more });
                    const e = await world.stop();
                    assert.ok([0, 70].includes(e.code), `${what}: ${JSON.stringify(e)}`);
                    layer.set();
                } else if (!world.ended && files === "any") { /* it was a photo that failed: its request is refused, all else goes on */
                    assert.ok(hits, what);
                    stops.push(`${where} ${how}: a photo`);
                    continue;
                } else {
                    assert.ok(world.ended, `${what}: it goes on (${hits} failed)\n${tail(world.log)}`);
                    assert.equal(world.ended.code, 70, `${what}: ${JSON.stringify(world.ended)}\n${tail(world.log)}`);
                    assert.ok(logLines(world, "db.fatal").length, `${what}: no line in the log`);
                }
                stops.push(`${where} ${how}`);
                world = await layer.serve();
                writers.at(world.base);
                const b = new Browser(world.base);
                assert.equal((await b.get("/readyz")).status, 200, what);
                b.close();
            }
        }
    }
    await writers.finish();
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
    whole(writers, data, "after all");
    t.diagnostic(`${stops.length} faults; ${writers.acknowledged.size} acknowledged; statuses ${JSON.stringify([...writers.status])}`);
});

/* A file system of its own, so small that it fills; null when this account may not have one. */
function smallDisk(t, mib) {
    const dir = mkdtempSync(join(tmpdir(), "lilong-small-"));
    if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "none", dir]).status !== 0) { rmSync(dir, { recursive: true }); return null; }
    t.after(() => { spawnSync("umount", ["-l", dir]); rmSync(dir, { recursive: true, force: true }); });
    return dir;
}

/* While it is full: who reads is answered, who writes is told to come again; when there is room: it goes on by itself. */
async function fullAndFree(t, data, layer, fill, free) {
    const writers = new Writers(data, { photos: 3 }), world = await layer.serve({ env: { LILONG_LOG_LEVEL: "info" } });
    await writers.signIn(world.base);
    for (let round = 0; round < (LONG ? 10 : 2); round++) {
        const crowd = writers.run(24);
        t.after(() => crowd.stop()); /* also when something fails: else they go on for ever */
        await until("writes", 10000, () => writers.acknowledged.size > 10 * round);
        fill();
        const refused = () => writers.status.get(503) || 0, before = refused();
        await until("503", 30000, () => refused() > before + 20);
        const told = await writers.write(writers.fresh()).then(() => null, (e) => e);
        if (told) {
            assert.ok(told.busy, `a write on a full disk: ${told.stack}`);
            assert.match(told.busy.headers["retry-after"] || "", /^\d+$/);
        }
        for (let i = 0; i < 20; i++) {
            for (const path of [`/p/${COMMUNITY}`, `/p/${COMMUNITY}/report`, "/readyz", "/healthz"]) {
                const a = await writers.browsers[i % writers.browsers.length].get(path);
                assert.ok(a.status === 200 || (path === "/readyz" && a.status === 503), `${path} on a full disk: ${a.status}`);
            }
        }
        const had = writers.acknowledged.size;
        free();
        await until("writes again", 5000, () => writers.acknowledged.size > had);
        await crowd.stop();
    }
    assert.equal(world.ended, null, tail(world.log));
    await writers.finish();
    assert.equal(writers.status.get(500), undefined, "a full disk is no failure of ours");
    assert.equal((await world.stop()).code, 0, tail(world.log));
    writers.close();
    whole(writers, data, "after the full disk");
    const media = join(data, "media");
    const half = readdirSync(media, { recursive: false }).filter((d) => statSync(join(media, d)).isDirectory()).flatMap((d) => readdirSync(join(media, d))).filter((f) => f.startsWith(".new-"));
    assert.deepEqual(half, [], "half an upload was left");
    t.diagnostic(`${writers.acknowledged.size} acknowledged; statuses ${JSON.stringify([...writers.status])}`);
}

test("a full disk: reading goes on, writing is told to come again, and it heals by itself", { timeout: 600000 }, async (t) => {
    const from = copyWorld(), used = Math.ceil(Number(spawnSync("du", ["-sm", from], { encoding: "utf8" }).stdout.split("\t")[0]));
    const disk = smallDisk(t, used + 240) /* the log may take 128 MiB of it */;
    if (!disk) { t.skip("no file system of one's own without root"); return; }
    const data = join(disk, "world", "data"), ballast = join(disk, "ballast");
    mkdirSync(join(disk, "world"));
    cpSync(from, data, { recursive: true, preserveTimestamps: true });
    spawnSync("chmod", ["700", data]);
    const layer = new Layer(data);
    await fullAndFree(t, data, layer, () => {
        let n = 0; /* as dd does it: until nothing more goes in */
        const mib = Buffer.alloc(1 << 20), kib = Buffer.alloc(4096);
        for (const piece of [mib, kib]) { try { for (;;) { writeFileSync(ballast, piece, { flag: "a" }); n += piece.length; } } catch (e) { assert.equal(e.code, "ENOSPC"); } }
        assert.ok(n > 0);
    }, () => rmSync(ballast));
});

test("no room for a write or a new file", { timeout: 600000 }, async (t) => {
    const data = copyWorld(), layer = new Layer(data);
    let round = 0;
    await fullAndFree(t, data, layer,
        () => layer.set(round++ % 2 ? { action: "short", ops: ["write"], times: -1 } : { action: "fail", errno: ENOSPC, ops: ["write", "create"], times: -1 }),
        () => layer.set());
});
