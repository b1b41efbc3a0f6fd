/* layer.mjs: a server with tests/fault/layer.c between it and its disk, people who write reports, and what the tests of faults ask them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { BINARY, Browser, COMMUNITY, formsOf, png, serve, sql } from "../support/world.mjs";

export const LONG = Boolean(process.env.LILONG_LONG);
export const LAYER = join(process.env.LILONG_BUILD || dirname(BINARY), "liblayer.so");
export const wait = (ms) => new Promise((ok) => setTimeout(ok, ms));
export const until = async (what, ms, test) => {
    for (const end = Date.now() + ms; ;) {
        if (await test()) { return; }
        if (Date.now() > end) { throw new Error(`${what}: not within ${ms} ms`); }
        await wait(20);
    }
};
export const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];

/* A random number with a seed: a failed run can be had again by LILONG_SEED. */
export const SEED = Number(process.env.LILONG_SEED || Date.now() % 1000000007);
export function random(seed) {
    let s = seed >>> 0;
    const next = () => { s = (s + 0x6d2b79f5) >>> 0; let t = s; t = Math.imul(t ^ (t >>> 15), t | 1); t ^= t + Math.imul(t ^ (t >>> 7), t | 61); return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
    return { next, below: (n) => Math.floor(next() * n), one: (list) => list[Math.floor(next() * list.length)] };
}

/* ---- the layer ---------------------------------------------------------------------------------------------------- */

const SLOTS = ["action", "ops", "errno", "after", "times", "hits", "files", "percent", "seen"];
const ACTIONS = { none: 0, fail: 1, killBefore: 2, killAfter: 3, short: 4, count: 5 };
const OPS = { write: 1, sync: 2, truncate: 4, name: 8, send: 16, create: 32 };
const FILES = { any: 0, log: 1, database: 2, media: 3 };
export const EIO = 5, ENOSPC = 28;

export class Layer {
    constructor(data) {
        this.data = data;
        this.file = join(dirname(data), "control");
        writeFileSync(this.file, Buffer.alloc(64));
        this.fd = openSync(this.file, "r+");
    }
    /* The sanitizer's library has to be the first one of all. */
    env(more = {}) {
        const first = /libasan\.so\S* => (\S+)/.exec(spawnSync("ldd", [BINARY], { encoding: "utf8" }).stdout || "")?.[1];
        assert.ok(existsSync(LAYER), `${LAYER} is not built`);
        return { LD_PRELOAD: [first, LAYER].filter(Boolean).join(" "), LILONG_LAYER_FOLDER: this.data, LILONG_LAYER_CONTROL: this.file, ...more };
    }
    /* { action, ops: [...], errno, after, times (-1: for ever), files, percent } */
    set({ action = "none", ops = [], errno = EIO, after = 0, times = 1, files = "any", percent = 0 } = {}) {
        const b = Buffer.alloc(36);
        const values = { action: ACTIONS[action], ops: ops.reduce((n, o) => n | OPS[o], 0), errno, after, times, hits: 0, files: FILES[files], percent, seen: 0 };
        SLOTS.forEach((name, i) => b.writeInt32LE(values[name], i * 4));
        /* the action comes last: what goes with it is there by then */
        writeSync(this.fd, Buffer.alloc(4), 0, 4, 0);
        writeSync(this.fd, b, 4, 32, 4);
        writeSync(this.fd, b, 0, 4, 0);
    }
    get(name) {
        const b = Buffer.alloc(4);
        readSync(this.fd, b, 0, 4, SLOTS.indexOf(name) * 4);
        return b.readInt32LE(0);
    }
    get hits() { return this.get("hits"); }
    serve(options = {}) { return serve(this.data, { ...options, env: { ...this.env(options.layer), ...options.env } }); }
    close() { closeSync(this.fd); }
}

/* ---- people who write ------------------------------------------------------------------------------------------------ */

/* Residents of the story's community, signed in. They write reports as a phone does: a draft (with a photo sometimes), then its sending, each
 * with a key; what has no answer is sent again with the same keys. `acknowledged` has what they were told is kept. */
export class Writers {
    constructor(data, { people = 8, photos = 0, name = "断电", agent = 64 } = {}) {
        Object.assign(this, { data, photos, name, sockets: agent, n: 0, acknowledged: new Map(), open: [], status: new Map(), errors: [], times: [] });
        this.people = sql(data, `SELECT DISTINCT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${COMMUNITY} AND h.state = 'verified' AND q.state = 'active'
            AND NOT EXISTS (SELECT 1 FROM post p WHERE p.person = h.person) ORDER BY h.id LIMIT ${people}`).map((r) => String(r.person));
        assert.ok(this.people.length);
        this.before = Number(sql(data, `SELECT COUNT(*) AS n FROM report WHERE community = ${COMMUNITY}`)[0].n);
        this.browsers = [];
    }
    async signIn(base) {
        for (const person of this.people) {
            const b = new Browser(base);
            b.agent.maxSockets = this.sockets;
            await b.signIn(person);
            const page = await b.get(`/p/${COMMUNITY}/report/new`);
            b.category = formsOf(page.text).find((f) => f.multipart).texts.find((x) => x.name === "category").value;
            b.writeToken = b.token;
            this.browsers.push(b);
        }
        if (this.photos) {
            /* pictures that differ, so that each is a file of its own */
            this.pictures = await Promise.all(Array.from({ length: 12 }, (_, i) => png(240, 180, (x, y) => [(x * 3 + i * 20) % 256, (y * 2 + i * 31) % 256, (x ^ y ^ i) % 256])));
        }
    }
    at(base) { for (const b of this.browsers) { b.base = base; b.agent.destroy(); } }
    close() { for (const b of this.browsers) { b.close(); } }
    /* Throws {busy} for 503, an assertion for what must not be, anything else when the line is broken. */
    async write(w) {
        const b = w.owner, from = Date.now();
        const seen = (a) => {
            this.status.set(a.status, (this.status.get(a.status) || 0) + 1);
            if (a.status === 503) {
                const e = new Error("busy");
                e.busy = a;
                throw e;
            }
            if (a.status === 500) { /* nothing was promised */
                const e = new Error("failed");
                e.failed = a;
                throw e;
            }
            assert.ok([200, 201].includes(a.status), `${w.title}: ${a.status} ${a.text.slice(0, 300)}`);
            return a;
        };
        if (!w.draft) {
            const fields = { _csrf: b.writeToken, _key: `${w.title}-draft`, title: w.title, spot: "北门", category: b.category };
            const path = `/p/${COMMUNITY}/report/draft`;
            const a = seen(w.photo
                ? await b.multipart(path, [...Object.entries(fields), ["photos", { name: "a.png", type: "image/png", bytes: w.photo }]], { json: true })
                : await b.post(path, fields, { json: true }));
            w.draft = /draft\/(\d+)/.exec(a.json.location)[1];
        }
        const a = seen(await b.post(`/p/${COMMUNITY}/report/draft/${w.draft}/send`, { _csrf: b.writeToken, _key: `${w.title}-send` }, { json: true }));
        const id = String(a.json.id);
        if (this.acknowledged.has(w.title)) { assert.equal(id, this.acknowledged.get(w.title), "the same key got another answer"); }
        this.acknowledged.set(w.title, id);
        w.done = true;
        this.times.push(Date.now() - from);
        return id;
    }
    fresh(owner = this.browsers[this.n % this.browsers.length]) {
        const w = { title: `${this.name}${++this.n}`, owner };
        if (this.photos && this.n % this.photos === 0) { w.photo = this.pictures[this.n % this.pictures.length]; }
        return w;
    }
    /* `writers` at once, until stop() is called (or the server is gone, when `falls`). */
    run(writers) {
        let stopped = false;
        const all = Promise.all(Array.from({ length: writers }, (_, i) => (async () => {
            const b = this.browsers[i % this.browsers.length];
            while (!stopped) {
                const at = this.open.findIndex((w) => w.owner === b), w = at >= 0 ? this.open.splice(at, 1)[0] : this.fresh(b);
                try { await this.write(w); } catch (e) {
                    this.open.push(w);
                    if (e instanceof assert.AssertionError) { this.errors.push(e); return; }
                    if (!stopped) { await wait(20); }
                }
            }
        })()));
        return { stop: async () => { stopped = true; await all; assert.deepEqual(this.errors, []); }, get stopped() { return stopped; } };
    }
    /* What never had an answer is sent once more. */
    async finish() { for (const w of this.open.splice(0)) { await this.write(w); } }

    /* The folder is not served. Acknowledged and there, there once, and nothing there that nobody was told of; `loose`: what has no answer may be there. */
    check(data = this.data, { acknowledged = this.acknowledged, loose = false } = {}) {
        const rows = sql(data, `SELECT title, COUNT(*) AS n, MIN(id) AS id FROM report WHERE community = ${COMMUNITY} AND title LIKE '${this.name}%' GROUP BY title`);
        const there = new Map(rows.map((r) => [r.title, r]));
        assert.deepEqual([...acknowledged].filter(([title, id]) => String(there.get(title)?.id) !== id).map(([title]) => title), [], "acknowledged, and not there");
        assert.deepEqual(rows.filter((r) => Number(r.n) !== 1).map((r) => r.title), [], "there twice");
        if (!loose) {
            assert.deepEqual(rows.filter((r) => !acknowledged.has(r.title)).map((r) => r.title), [], "there, and never acknowledged even on repetition");
            assert.equal(Number(sql(data, `SELECT COUNT(*) AS n FROM report WHERE community = ${COMMUNITY}`)[0].n), this.before + rows.length);
        }
        assert.deepEqual(sql(data, `SELECT number, COUNT(*) AS n FROM report WHERE community = ${COMMUNITY} GROUP BY number HAVING COUNT(*) > 1`), [], "a number was given twice");
        /* a report is many rows: none without its event, none without its place in the search, no event without its report */
        const torn = sql(data, `SELECT r.id FROM report r WHERE r.community = ${COMMUNITY} AND r.title LIKE '${this.name}%'
            AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.community = r.community AND l.subject = r.id)`);
        assert.deepEqual(torn, [], "a report without its event");
        return rows.length;
    }
}

export function logLines(world, event) {
    return readFileSync(world.log, "utf8").split("\n").filter((l) => l.includes(`"event":"${event}"`)).map((l) => JSON.parse(l));
}
