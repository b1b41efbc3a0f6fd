/* weight.test.mjs: what a phone loads before somebody sees a home or a board: at most 60 KB, compressed, without pictures. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, COMMUNITY, copyWorld, serve } from "../support/world.mjs";
import { actors, things } from "../support/actors.mjs";

const MOST = 60 * 1024;
let world, cast;
before(async () => {
    const data = copyWorld();
    cast = actors(data, things(data));
    world = await serve(data);
});
after(async () => { await world?.stop(); });

async function weigh(b, path) {
    const seen = new Map(), headers = { "Accept-Encoding": "br, gzip" };
    const page = await b.get(path, { headers });
    assert.equal(page.status, 200);
    seen.set(path, page.bytes.length);
    const html = (await b.get(path)).text;
    const todo = [...html.matchAll(/<(?:link|script|use)\b[^>]*?\s(?:href|src)="([^"#]+)/g)].map((m) => m[1]).filter((u) => u.startsWith("/") && !/rel="(canonical|alternate)"/.test(u));
    for (let url; (url = todo.shift());) {
        if (seen.has(url)) { continue; }
        const a = await b.get(url, { headers });
        assert.equal(a.status, 200, url);
        seen.set(url, a.bytes.length);
        if (/css/.test(a.type)) { for (const m of (await b.get(url)).text.matchAll(/url\("?([^")]+)"?\)/g)) { if (m[1].startsWith("/")) { todo.push(m[1]); } } }
    }
    return seen;
}

for (const [what, path] of [["home of a community", `/p/${COMMUNITY}`], ["list of reports", `/p/${COMMUNITY}/report`], ["one report's form", `/p/${COMMUNITY}/report/new`]]) {
    test(`${what}: at most 60 KB`, async (t) => {
        const b = new Browser(world.base);
        await b.signIn(cast.find((a) => a.name === "resident").person);
        const seen = await weigh(b, path), sum = [...seen.values()].reduce((x, y) => x + y, 0);
        t.diagnostic(`${sum} bytes: ${[...seen].map(([u, n]) => `${u} ${n}`).join(", ")}`);
        assert.ok(sum <= MOST, `${sum} bytes`);
        b.close();
    });
}
