/* power.test.mjs: the power goes. People write while everything that goes to the disk is recorded; then the disk is rebuilt as it may be found if
 * the power had gone at some moment, and opened. LILONG_IMAGES says how many. */
import assert from "node:assert/strict";
import { accessSync, constants, cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { COMMUNITY, copyWorld, lilong, serve, sql, tail } from "../support/world.mjs";
import { LONG, Layer, SEED, Writers, random, until, wait } from "./layer.mjs";
import { Disk, MODES, readRecord, shownIn, toldOf } from "./power.mjs";

/* In memory where there is such a place for us: a disk is rebuilt hundreds of times. */
const SHARED = (() => { try { accessSync("/dev/shm", constants.W_OK); return "/dev/shm"; } catch { return tmpdir(); } })();
const IMAGES = Number(process.env.LILONG_IMAGES || (LONG ? 500 : 25));

test("what was acknowledged is there after a power cut", { timeout: 120000 + IMAGES * 6000 }, async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const dice = random(SEED), data = copyWorld(), work = mkdtempSync(join(SHARED, "lilong-power-"));
    t.after(() => rmSync(work, { recursive: true, force: true }));
    const base = join(work, "base"), record = join(work, "record"), image = join(work, "image"), layer = new Layer(data);
    cpSync(data, base, { recursive: true });
    const writers = new Writers(data, { photos: 5 });
    const world = await layer.serve({ layer: { LILONG_LAYER_RECORD: record } });
    await writers.signIn(world.base);
    /* crowds and lonely writers; long enough that the log is written back more than once */
    const lone = writers.run(2), most = LONG ? 4000 : Infinity; /* reports: the recording of more is too large to read */
    await wait(800);
    const crowd = writers.run(48);
    /* what a reader has been shown counts like what a writer was told */
    const reading = Promise.all(writers.browsers.map(async (b) => { while (!crowd.stopped) { await b.get(`/p/${COMMUNITY}/report`, { json: true }); } }));
    for (const end = Date.now() + (LONG ? 60000 : 5000); Date.now() < end && writers.acknowledged.size < most;) { await wait(50); }
    await crowd.stop();
    await reading;
    await lone.stop();
    await writers.finish();
    const end = await world.stop();
    assert.equal(end.code, 0, tail(world.log));
    writers.close();
    writers.check();

    const entries = readRecord(record), told = new Map(), acknowledged = new Set();
    entries.forEach((e, i) => {
        const id = e.kind === "S" ? toldOf(e) : null;
        if (id) { acknowledged.add(id); }
        for (const k of id ? [id] : e.kind === "S" ? shownIn(e) : []) { if (!told.has(k)) { told.set(k, i); } }
    });
    assert.equal([...writers.acknowledged.values()].filter((id) => !acknowledged.has(id)).length, 0, "the recording has every answer");
    const first = new Set(entries.flatMap((e, i) => (e.kind === "S" ? shownIn(e).filter((id) => told.get(id) === i) : [])));
    assert.ok(first.size > 20, "readers see work before its writer is told");
    const ends = entries.flatMap((e, i) => (e.kind === "E" ? [i] : [])), sent = entries.flatMap((e, i) => (e.kind === "S" ? [i + 1] : []));
    const backs = entries.filter((e) => e.kind === "E" && e.name === "/lilong.db").length;
    assert.ok(ends.length > 20 && sent.length > 20);
    /* anywhere; in front of the end of a sync; behind an answer; while the log is written back */
    const back = entries.flatMap((e, i) => (e.kind === "W" && e.name === "/lilong.db" ? [i + 1] : []));
    const points = Array.from({ length: IMAGES }, (_, i) => [
        () => dice.below(entries.length), () => dice.one(ends), () => dice.one(sent), () => (back.length ? dice.one(back) : dice.below(entries.length)),
    ][i % 4]()).sort((a, b) => a - b);

    const disk = new Disk(base), modes = new Map();
    let at = 0, unsynced = 0, opened = 0;
    for (const [n, point] of points.entries()) {
        for (; at < point; at++) { disk.step(entries[at]); }
        const mode = MODES[n % MODES.length], had = disk.image(image, mode, dice);
        modes.set(mode, (modes.get(mode) || 0) + 1);
        unsynced += had.unsynced > 0 || had.names > 0;
        const what = `seed ${SEED}, image ${n} (${mode}) at entry ${point} of ${entries.length}`;
        if (n % 10 === 9) { /* as the operator does it: started, then stopped */
            const again = await serve(image);
            const e = await again.stop();
            assert.equal(e.code, 0, `${what}\n${tail(again.log)}`);
            opened++;
        }
        const v = lilong("verify", "--data", image);
        assert.equal(v.status, 0, `${what}: verify\n${v.stdout}\n${v.stderr}`);
        const there = new Set(sql(image, `SELECT id FROM report WHERE community = ${COMMUNITY}`).map((r) => String(r.id)));
        const lost = [...told].filter(([id, i]) => i < point && !there.has(id)).map(([id]) => id);
        assert.deepEqual(lost, [], `${what}: acknowledged, and gone`);
        assert.deepEqual(sql(image, "SELECT integrity_check AS c FROM pragma_integrity_check").map((r) => r.c), ["ok"], what);
    }
    t.diagnostic(`${writers.acknowledged.size} reports acknowledged, ${first.size} of them read of before; ${entries.length} entries (${Math.round(statSync(record).size / 1048576)} MiB), ${ends.length} syncs, ${backs} of the database's file`);
    t.diagnostic(`${IMAGES} images (${[...modes].map(([m, k]) => `${k} ${m}`).join(", ")}), ${unsynced} with something unsynced; ${opened} of them also served`);
});

test("a sync that failed takes nothing with it later", { timeout: 300000 }, async (t) => {
    const dice = random(SEED + 1), work = mkdtempSync(join(SHARED, "lilong-power-"));
    t.after(() => rmSync(work, { recursive: true, force: true }));
    for (let round = 0; round < (LONG ? 20 : 2); round++) {
        const data = copyWorld(), base = join(work, "base"), record = join(work, `record${round}`), image = join(work, "image"), layer = new Layer(data);
        rmSync(base, { recursive: true, force: true });
        cpSync(data, base, { recursive: true });
        const writers = new Writers(data), options = { layer: { LILONG_LAYER_RECORD: record } };
        let world = await layer.serve(options);
        await writers.signIn(world.base);
        let crowd = writers.run(16);
        await wait(500);
        layer.set({ action: "fail", ops: ["sync"], files: "log", after: dice.below(10), times: 1 });
        await until("the process stops", 20000, () => world.ended);
        await crowd.stop();
        assert.equal(world.ended.code, 70);
        /* started again, it goes on as if nothing had been; then the power goes */
        layer.set();
        world = await layer.serve(options);
        writers.at(world.base);
        crowd = writers.run(16);
        await wait(600 + dice.below(600));
        const stopped = crowd.stop();
        await world.kill();
        await stopped;
        writers.close();
        const entries = readRecord(record), told = entries.flatMap((e) => (e.kind === "S" && toldOf(e) ? [toldOf(e)] : []));
        assert.equal(entries.filter((e) => e.kind === "X").length, 1);
        const disk = new Disk(base);
        for (const e of entries) { disk.step(e); }
        for (const mode of ["dropped", "blocks"]) {
            disk.image(image, mode, dice);
            const v = lilong("verify", "--data", image);
            assert.equal(v.status, 0, `seed ${SEED}, round ${round}, ${mode}: verify\n${v.stdout}\n${v.stderr}`);
            const there = new Set(sql(image, `SELECT id FROM report WHERE community = ${COMMUNITY}`).map((r) => String(r.id)));
            assert.deepEqual(told.filter((id) => !there.has(id)), [], `seed ${SEED}, round ${round}, ${mode}: acknowledged, and gone`);
        }
        t.diagnostic(`round ${round}: ${told.length} acknowledged before and after the failed sync`);
    }
});
