/* kill.test.mjs: the process is killed, again and again, while 64 people write at once: at random, and at chosen moments in front of and behind
 * the operations on which everything hangs. What was acknowledged is there exactly once; what was not, is sent again with the same key
 * and is there exactly once too. LILONG_ROUNDS says how often. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Browser, COMMUNITY, copyWorld, lilong, tail } from "../support/world.mjs";
import { LONG, Layer, SEED, Writers, random, until, wait } from "./layer.mjs";

const ROUNDS = Number(process.env.LILONG_ROUNDS || (LONG ? 200 : 8)), WRITERS = 64, READY_MS = 2000;

const MOMENTS = [
    ["at random", null],
    ["between the sync of the log and the answer", { action: "killAfter", ops: ["sync"], files: "log", after: 30 }],
    ["in front of the sync of the log", { action: "killBefore", ops: ["sync"], files: "log", after: 30 }],
    ["in front of an answer", { action: "killBefore", ops: ["send"], after: 60 }],
    ["in the middle of writing the log", { action: "killAfter", ops: ["write"], files: "log", after: 700 }],
    ["behind an answer", { action: "killAfter", ops: ["send"], after: 60 }],
    ["while the log is written back", { action: "killAfter", ops: ["write"], files: "database", after: 100 }],
    ["while a photo gets its name", { action: "killBefore", ops: ["name"], files: "media", after: 2 }],
    ["between a photo's name and its sync", { action: "killBefore", ops: ["sync"], files: "media", after: 12 }],
];

/* Milliseconds that the first thread of a process has been waiting for a processor. */
const waits = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;

async function ready(base) {
    const b = new Browser(base);
    try { return (await b.get("/readyz")).status === 200; } catch (e) { return false; } finally { b.close(); }
}

test("kill -9 under 64 writers loses nothing and doubles nothing", { timeout: 200000 + ROUNDS * 15000 }, async (t) => {
    const data = copyWorld(), layer = new Layer(data), dice = random(SEED), seen = new Map();
    const writers = new Writers(data, { photos: 6 });
    let world = await layer.serve();
    await writers.signIn(world.base);
    const slowest = [];
    let longest = 0;
    t.diagnostic(`seed ${SEED}`);
    for (let round = 0; round < ROUNDS; round++) {
        const had = writers.acknowledged.size;
        let [moment, fault] = MOMENTS[round % MOMENTS.length];
        const crowd = writers.run(WRITERS);
        await until("an acknowledged write", 20000, () => writers.acknowledged.size > had);
        await wait(300 + dice.below(500));
        if (fault) {
            layer.set({ ...fault, after: dice.below(fault.after) });
            /* a moment that does not come (the log is not written back yet) is as good as a random one */
            for (const end = Date.now() + 3000; !world.ended && Date.now() < end;) { await wait(10); }
            if (!world.ended) { moment = "at random"; }
        }
        const stopped = crowd.stop();
        await world.kill();
        await stopped;
        layer.set();
        seen.set(moment, (seen.get(moment) || 0) + 1);
        assert.equal(world.ended.signal, "SIGKILL", `${moment}: ${JSON.stringify(world.ended)}\n${tail(world.log)}`);
        assert.ok(writers.acknowledged.size > had, `round ${round}, ${moment}: nothing was acknowledged: ${JSON.stringify([...writers.status])}`);
        if (round % 4 === 1 || ROUNDS > 20) {
            const v = lilong("verify", "--data", data);
            assert.equal(v.status, 0, `verify after round ${round}, ${moment}:\n${v.stdout}\n${v.stderr}`);
            writers.check(data, { loose: true });
        }
        const from = Date.now(), mine = waits("self");
        world = await layer.serve();
        assert.ok(await ready(world.base), "ready after the fall");
        /* on a machine that is full of other work: without the time in which there was no processor for it, nor for us */
        const all = Date.now() - from, waited = waits(world.pid) + waits("self") - mine;
        slowest.push(Math.max(0, Math.round(all - waited)));
        longest = Math.max(longest, all);
        writers.at(world.base);
        for (const [title, id] of [...writers.acknowledged].slice(-3)) {
            const a = await writers.browsers[0].get(`/p/${COMMUNITY}/report/${id}`, { json: true });
            assert.equal(a.status, 200, `${title} was acknowledged and is gone`);
            assert.equal(a.json.title, title);
        }
    }
    await writers.finish();
    const end = await world.stop();
    assert.equal(end.code, 0, tail(world.log));
    writers.close();
    writers.check();
    const v = lilong("verify", "--data", data);
    assert.equal(v.status, 0, `verify:\n${v.stdout}\n${v.stderr}`);
    t.diagnostic(`${ROUNDS} rounds, ${writers.acknowledged.size} acknowledged; ready after at most ${Math.max(...slowest)} ms (by the clock ${longest}); statuses ${JSON.stringify([...writers.status])}`);
    for (const [moment, n] of seen) { t.diagnostic(`${n} times ${moment}`); }
    assert.ok(Math.max(...slowest) <= READY_MS, `ready after ${slowest.join(", ")} ms`);
});
