/* replay.test.mjs: a small year is done again over HTTP (bench/replay.c): what was acknowledged is there, entry by entry, and nothing else; also when the server is
 * killed in the middle of it, and started again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spawn } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { BINARY, lilong, serve, temporary } from "../support/world.mjs";

const REPLAY = join(process.env.LILONG_BUILD || dirname(BINARY), "replay");
let year, data, server;

before(() => {
    year = join(temporary("year"), "data");
    const r = lilong("generate", "--scale", "tiny", "--data", year);
    assert.equal(r.status, 0, `${r.stdout}${r.stderr}`);
}, { timeout: 240000 });
after(async () => { await server?.kill(); });

function copy() {
    data = join(temporary("replay"), "data");
    cpSync(year, data, { recursive: true });
    rmSync(join(data, "lilong.db.lock"), { force: true });
}

/* Returns the figures of both lines. */
function replay(...args) {
    const child = spawn(REPLAY, [new URL(server.base).port, join(year, "lilong.db"), "-q", "-k", join(data, "lilong.db"), ...args]);
    let out = "", err = "";
    child.stdout.on("data", (d) => { out += d; });
    child.stderr.on("data", (d) => { err += d; });
    return new Promise((ok) => child.on("exit", (status) => ok({
        status, text: out + err, figures: Object.fromEntries([...out.matchAll(/(\w+)=([\d.]+)/g)].map((m) => [m[1], Number(m[2])])),
    })));
}

function isWhole(r) {
    assert.equal(r.status, 0, r.text);
    assert.equal(r.figures.refused, 0, r.text);
    assert.ok(r.figures.acts > 500, r.text);
    assert.equal(r.figures.recounted, r.figures.acts);
    assert.equal(r.figures.missing + r.figures.kinds_with_another_total, 0, r.text);
}

async function verified() {
    await server.stop();
    server = null;
    const r = lilong("verify", "--data", data);
    assert.equal(r.status, 0, `${r.stdout}${r.stderr}`);
}

test("the acts of a year, and pages between them: everything is there as it was acknowledged", { timeout: 300000 }, async () => {
    copy();
    server = await serve(data);
    const r = await replay("-i", "3000");
    isWhole(r);
    assert.equal(r.figures.acts + r.figures.pages, 3000, r.text);
    for (const kind of ["reports", "comments", "rated", "entries", "entries' comments", "entries' thumbs", "receipts", "taken up", "words", "handed over", "thanks"]) { assert.match(r.text, new RegExp(`[1-9]\\d* ${kind}`)); }
    await verified();
});

test("the server is killed in the middle: each act is there once", { timeout: 300000 }, async () => {
    copy();
    server = await serve(data);
    const port = new URL(server.base).port, running = replay("-c", "16");
    for (let times = 0; times < 3; times++) {
        await new Promise((ok) => setTimeout(ok, 400));
        await server.kill();
        server = await serve(data, { args: ["--listen", `127.0.0.1:${port}`] });
    }
    const r = await running;
    isWhole(r);
    assert.ok(r.figures.retried > 0, r.text);
    await verified();
});

test("a database without what was acknowledged is found out", { timeout: 300000 }, async () => {
    copy();
    server = await serve(data);
    data = year; /* the year itself: nothing was done again in it */
    const r = await replay("-s", "0.3");
    assert.equal(r.status, 1, r.text);
    assert.equal(r.figures.refused, 0, r.text);
    assert.ok(r.figures.missing > 0, r.text);
});
