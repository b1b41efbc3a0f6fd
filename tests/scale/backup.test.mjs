/* backup.test.mjs: a backup is taken while people write as fast as they can; everything that was acknowledged before it began is in it, on both engines;
 * and how long it takes to have a gigabyte back. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { BINARY, COMMUNITY, copyWorld, lilong, psql, serve, sql } from "../support/world.mjs";
import { world as demoWorld } from "./cluster.mjs";
import { Load, residents, signedIn } from "./writers.mjs";

const MEGABYTES = process.env.LILONG_LONG ? 1000 : 200;

const running = (...args) => new Promise((ok) => {
    const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (d) => { out += d; });
    child.stderr.on("data", (d) => { out += d; });
    child.on("exit", (code) => ok({ code, out }));
});

async function underLoad(t, data, restoreArgs) {
    const place = dirname(data), words = join(place, "words");
    writeFileSync(words, "four quiet cranes\n");
    const world = await serve(data), browsers = [];
    for (const person of residents(data)) { browsers.push(await signedIn(world.base, person)); }
    const load = new Load(browsers, 64, "备份").start();
    await new Promise((ok) => setTimeout(ok, 1500));
    const before = new Map(load.acknowledged), began = Date.now();
    assert.ok(before.size > 0);
    const b = await running("backup", "--data", data, "--to", join(place, "b"), "--passphrase-file", words);
    const took = Date.now() - began, during = load.acknowledged.size - before.size;
    await new Promise((ok) => setTimeout(ok, 300));
    await load.stop();
    assert.equal(b.code, 0, b.out);
    assert.equal([...load.status.keys()].filter((s) => s >= 500).length, 0, JSON.stringify([...load.status]));
    for (const x of browsers) { x.close(); }
    assert.equal((await world.stop()).code, 0);
    const r = lilong("restore", "--data", join(place, "again"), "--from", join(place, "b"), "--passphrase-file", words, ...restoreArgs);
    assert.equal(r.status, 0, `${r.stdout}\n${r.stderr}`);
    const statement = `SELECT title, id FROM report WHERE community = ${COMMUNITY} AND title LIKE '备份%'`;
    const rows = restoreArgs.length ? JSON.parse(psql(restoreArgs[1], `SELECT COALESCE(json_agg(x), '[]') FROM (SELECT title, CAST(id AS TEXT) AS id FROM report WHERE community = ${COMMUNITY} AND title LIKE '备份%') x`)) : sql(join(place, "again"), statement);
    const there = new Map(rows.map((x) => [x.title, String(x.id)]));
    assert.deepEqual([...before].filter(([title, id]) => there.get(title) !== id).map(([title]) => title), [], "acknowledged before the backup began, and not in it");
    t.diagnostic(`${before.size} acknowledged before, ${during} while it ran (${took} ms); ${there.size} in it; sealed; verify: whole`);
}

test("the embedded database, under load", { timeout: 170000 }, async (t) => {
    await underLoad(t, copyWorld(), []);
});

test("PostgreSQL, under load", { timeout: 170000 }, async (t) => {
    const { server, data } = demoWorld();
    server.sql("CREATE DATABASE again");
    await underLoad(t, data, ["--database", server.url("again")]);
});

test("a gigabyte is back in less than five minutes", { timeout: 170000 }, async (t) => {
    const data = copyWorld(), size = 1 << 20;
    /* photographs do not compress: random bytes under the names that the store gives. No row wants them, and nobody minds. */
    for (let n = 0; n < MEGABYTES; n++) {
        const bytes = randomBytes(size), name = createHash("sha256").update(bytes).digest("hex");
        mkdirSync(join(data, "media", name.slice(0, 2)), { recursive: true });
        writeFileSync(join(data, "media", name.slice(0, 2), `${name}.jpg`), bytes);
    }
    const file = join(dirname(data), "big"), from = Date.now();
    const b = lilong("backup", "--data", data, "--to", file);
    assert.equal(b.status, 0, b.stderr);
    const written = Date.now();
    const r = lilong("restore", "--data", join(dirname(data), "again"), "--from", file);
    assert.equal(r.status, 0, `${r.stdout}\n${r.stderr}`);
    const minutes = (Date.now() - written) / 60000, gigabytes = statSync(file).size / 1e9;
    t.diagnostic(`${(gigabytes * 1000).toFixed(0)} MB: written in ${((written - from) / 1000).toFixed(1)} s, restored and verified in ${(minutes * 60).toFixed(1)} s: ${(minutes / gigabytes).toFixed(2)} minutes for each GB`);
    assert.ok(minutes / gigabytes <= 5, `${(minutes / gigabytes).toFixed(1)} minutes for each GB`);
});
