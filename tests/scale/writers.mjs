/* writers.mjs: people who write reports as fast as they can, through several processes, and know what was acknowledged. */
import assert from "node:assert/strict";
import { Browser, COMMUNITY, formsOf, sql } from "../support/world.mjs";

export const residents = (data, n = 8) => sql(data, `SELECT h.person, MIN(h.id) AS first FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${COMMUNITY} AND h.state = 'verified' AND q.state = 'active'
    AND NOT EXISTS (SELECT 1 FROM post p WHERE p.person = h.person) GROUP BY h.person ORDER BY first LIMIT ${n}`).map((r) => String(r.person));

export async function signedIn(base, person) {
    const b = new Browser(base);
    b.agent.maxSockets = 64;
    await b.signIn(person);
    const page = await b.get(`/p/${COMMUNITY}/report/new`);
    b.category = formsOf(page.text).find((f) => f.multipart).texts.find((x) => x.name === "category").value;
    b.writeToken = b.token;
    return b;
}

export class Load {
    constructor(browsers, writers, prefix) {
        Object.assign(this, { browsers, writers, prefix, acknowledged: new Map(), open: [], status: new Map(), errors: [], n: 0, stopping: false, times: [] });
    }
    async write(b, w) {
        const count = (a) => { this.status.set(a.status, (this.status.get(a.status) || 0) + 1); if (a.status === 503) { throw new Error("busy"); } return a; };
        if (!w.draft) {
            const a = count(await b.post(`/p/${COMMUNITY}/report/draft`, { _csrf: b.writeToken, _key: `${w.title}-draft`, title: w.title, spot: "北门", category: b.category }, { json: true }));
            assert.ok([200, 201].includes(a.status), `draft: ${a.status} ${a.text.slice(0, 300)}`);
            w.draft = /draft\/(\d+)/.exec(a.json.location)[1];
        }
        const a = count(await b.post(`/p/${COMMUNITY}/report/draft/${w.draft}/send`, { _csrf: b.writeToken, _key: `${w.title}-send` }, { json: true }));
        assert.ok([200, 201].includes(a.status), `send: ${a.status} ${a.text.slice(0, 300)}`);
        const id = String(a.json.id);
        if (this.acknowledged.has(w.title)) { assert.equal(id, this.acknowledged.get(w.title), "the same key got another answer"); }
        this.acknowledged.set(w.title, id);
        this.times.push([Date.now(), w.title]);
        return id;
    }
    start() {
        this.running = Array.from({ length: this.writers }, (_, i) => (async () => {
            const b = this.browsers[i % this.browsers.length];
            while (!this.stopping) {
                const at = this.open.findIndex((w) => w.owner === b);
                const w = at >= 0 ? this.open.splice(at, 1)[0] : { title: `${this.prefix}${++this.n}`, owner: b };
                try { await this.write(b, w); } catch (e) {
                    this.open.push(w);
                    if (e instanceof assert.AssertionError) { this.errors.push(e); return; }
                    await new Promise((ok) => setTimeout(ok, 50));
                }
            }
        })());
        return this;
    }
    async stop() {
        this.stopping = true;
        await Promise.all(this.running);
        assert.deepEqual(this.errors, []);
    }
    /* What never had an answer is sent once more, with its key. */
    async finish() {
        for (const w of this.open.splice(0)) { await this.write(w.owner, w); }
    }
    /* Every acknowledged report is there once, under its number; nothing is there that nobody was told of. */
    check(data) {
        const rows = sql(data, `SELECT title, COUNT(*) AS n, MIN(id) AS id FROM report WHERE community = ${COMMUNITY} AND title LIKE '${this.prefix}%' GROUP BY title`);
        const there = new Map(rows.map((r) => [r.title, r]));
        assert.deepEqual([...this.acknowledged].filter(([title, id]) => String(there.get(title)?.id) !== id).map(([title]) => title), [], "acknowledged, and not there");
        assert.deepEqual(rows.filter((r) => Number(r.n) !== 1).map((r) => r.title), [], "there twice");
        assert.deepEqual(sql(data, `SELECT number, COUNT(*) AS n FROM report WHERE community = ${COMMUNITY} GROUP BY number HAVING COUNT(*) > 1`), [], "a number was given twice");
        return rows;
    }
}
