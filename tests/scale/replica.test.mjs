/* replica.test.mjs: a replica answers reads, nobody is ever behind what they have written themselves, others are not further behind than is set, and
 * when the replica is gone the primary answers. The replica replays three seconds late on purpose. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser, COMMUNITY, serve } from "../support/world.mjs";
import { standby, until, world as demoWorld } from "./cluster.mjs";
import { residents, signedIn } from "./writers.mjs";

const LATE_MS = 3000;

test("reads from a replica", { timeout: 170000 }, async (t) => {
    const { server: a, data, name } = demoWorld("p");
    const b = standby(a, "r", [`recovery_min_apply_delay = ${LATE_MS}`]);
    const [one, two] = residents(data, 2);
    const replica = `--database.replica=${b.url(name)}`;
    const world = await serve(data, { args: [replica, "--database.replica_lag_ms=30000"] });
    const strict = await serve(data, { args: ["--database.node=2", replica, "--database.replica_lag_ms=500"] });
    const reads = async (w) => {
        const m = new Browser(w.base);
        const text = (await m.get("/metrics")).text;
        m.close();
        return Number(/^lilong_replica_reads_total (\d+)/m.exec(text)[1]);
    };
    const writer = await signedIn(world.base, one), neighbour = await signedIn(world.base, two), guest = new Browser(world.base);
    /* what the demo world was made of has arrived */
    await until("the replica is asked", 30000, async () => { await guest.get(`/p/${COMMUNITY}`); return await reads(world) > 0; });

    /* Its own writes: at once, each time. */
    const id = (await (async () => {
        const draft = await writer.post(`/p/${COMMUNITY}/report/draft`, { _csrf: writer.writeToken, _key: "r-0", title: "读副本", spot: "北门", category: writer.category }, { json: true });
        return writer.post(`/p/${COMMUNITY}/report/draft/${/draft\/(\d+)/.exec(draft.json.location)[1]}/send`, { _csrf: writer.writeToken, _key: "r-1" }, { json: true });
    })()).json.id;
    assert.ok(writer.cookies.get("lilong-at"), "a write leaves its place in a cookie");
    const page = `/p/${COMMUNITY}/report/${id}`;
    assert.equal((await writer.get(page)).status, 200);
    const form = await writer.form(page, /comment$/);
    let behind = 0;
    for (let n = 0; n < 20; n++) {
        const said = await writer.submit(form, { body: `自己说的${n}。`, _key: `own-${n}` });
        assert.equal(said.status, 303, said.text.slice(0, 300));
        assert.match((await writer.get(page)).text, new RegExp(`自己说的${n}。`), "behind its own write");
        if (!(await guest.get(page)).text.includes(`自己说的${n}。`)) { behind++; }
    }
    assert.ok(behind > 0, "nobody was answered by the late replica: the test shows nothing");

    /* Others: from the replica, which is late; then they see it too. */
    const before = await reads(world);
    await until("the guest sees it", LATE_MS + 5000, async () => (await guest.get(page)).text.includes("自己说的19。"));
    assert.ok(await reads(world) > before);
    await until("the neighbour sees it", LATE_MS + 5000, async () => (await neighbour.get(page)).text.includes("自己说的19。")); /* whoever has just signed in is answered by the primary until that has arrived */
    t.diagnostic(`20 own writes seen at once; a guest was behind in ${behind} of 20 reads; ${await reads(world)} reads by the replica`);

    /* Half a second is allowed, and the replica is three behind while somebody writes: it is not asked. */
    const elsewhere = new Browser(strict.base);
    for (let n = 0; n < 12; n++) {
        await writer.submit(form, { body: `别人说的${n}。`, _key: `other-${n}` });
        await new Promise((ok) => setTimeout(ok, 700));
        assert.ok((await elsewhere.get(page)).text.includes(`别人说的${n}。`), "further behind than is allowed");
    }

    /* The replica goes: nobody notices. */
    b.stop("immediate");
    const statuses = new Map();
    for (const end = Date.now() + 4000; Date.now() < end;) {
        for (const x of [guest, neighbour, writer]) { const r = await x.get(page); statuses.set(r.status, (statuses.get(r.status) || 0) + 1); }
    }
    assert.deepEqual([...statuses.keys()], [200], JSON.stringify([...statuses]));
    const gone = await reads(world);
    await guest.get(page);
    assert.equal(await reads(world), gone, "somebody was answered by a replica that is not there");
    b.start();
    await until("it is asked again", 30000, async () => { await guest.get(page); return await reads(world) > gone; });
    t.diagnostic(`the replica is killed: ${statuses.get(200)} reads, all answered; it comes back and is asked again`);
    for (const x of [writer, neighbour, guest, elsewhere]) { x.close(); }
    for (const w of [world, strict]) { assert.equal((await w.stop()).code, 0); }
});
