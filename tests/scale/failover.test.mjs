/* failover.test.mjs: the primary is killed while people write; its synchronous standby takes over. Nothing that was acknowledged is lost, writing goes
 * on within ten seconds without anybody touching the servers of Lilong, and a primary that rises from the dead gets no writes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMUNITY, lilong, serve, sql } from "../support/world.mjs";
import { anyOf, standby, until, world as demoWorld } from "./cluster.mjs";
import { Load, residents, signedIn } from "./writers.mjs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const WRITERS = 32, BEFORE_MS = process.env.LILONG_LONG ? 20000 : 4000, AFTER_MS = process.env.LILONG_LONG ? 20000 : 4000;

test("the primary is killed under load; its synchronous standby takes over", { timeout: 170000 }, async (t) => {
    const { server: a, data, name } = demoWorld("a");
    a.durable();
    const b = standby(a, "b");
    a.sql("ALTER SYSTEM SET synchronous_standby_names = 'b'");
    a.reload();
    await until("b is synchronous", 20000, () => a.sql("SELECT COUNT(*) FROM pg_stat_replication WHERE application_name = 'b' AND sync_state = 'sync'") === "1");
    const url = anyOf([a, b], name), onB = (s) => b.sql(s, name);
    writeFileSync(join(data, "lilong.ini"), `[database]\nurl = ${url}\n`);
    const start = Date.now(), log = (text) => t.diagnostic(`${String(Date.now() - start).padStart(6)} ms  ${text}`);

    const people = residents(data);
    const processes = [await serve(data, { args: ["--database.node=1"] }), await serve(data, { args: ["--database.node=2"] })];
    const browsers = [];
    for (const [i, person] of people.entries()) { browsers.push(await signedIn(processes[i % 2].base, person)); }
    log(`primary a, synchronous standby b, 2 processes of Lilong, ${WRITERS} writers`);
    const load = new Load(browsers, WRITERS, "主备").start();
    await new Promise((ok) => setTimeout(ok, BEFORE_MS));

    await until("people write", 60000, () => load.acknowledged.size > 50);
    const before = load.acknowledged.size;
    a.kill();
    const fell = Date.now();
    log(`a is killed (SIGKILL of the postmaster); ${before} writes acknowledged so far`);
    b.promote();
    const promoted = Date.now();
    log("b is promoted");
    const timeOf = () => load.times.find(([at]) => at > promoted)?.[0];
    await until("a write is acknowledged after the promotion", 10000, timeOf);
    log(`the first write is acknowledged ${timeOf() - promoted} ms after the promotion, ${timeOf() - fell} ms after the fall`);
    await new Promise((ok) => setTimeout(ok, AFTER_MS));

    /* The old one comes back by itself, as it was: it takes writes. Nobody has told it that it is not the primary any more. */
    a.configure(["synchronous_standby_names = ''"]);
    a.start();
    a.sql("ALTER SYSTEM RESET synchronous_standby_names");
    a.reload();
    assert.equal(a.sql("SELECT pg_is_in_recovery()"), "f");
    const stale = a.sql(`SELECT COUNT(*) FROM ledger`, name);
    log(`a is back and takes writes, with ${stale} rows in its ledger; b has ${onB("SELECT COUNT(*) FROM ledger")}`);
    /* Every connection to b is cut: each process has to choose anew, and a stands first in the list. */
    b.sql("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'lilong'");
    const third = await serve(data, { args: ["--database.node=3"] }); /* one that has never seen b */
    const late = await signedIn(third.base, people[0]);
    const cut = Date.now(), at = load.acknowledged.size;
    await load.write(late, { title: "主备新进程", owner: late });
    await until("writes go on", 10000, () => load.times.some(([time]) => time > cut + 1000));
    await new Promise((ok) => setTimeout(ok, 2000));
    await load.stop();
    await load.finish();
    log(`${load.acknowledged.size - at} more writes while both take some; statuses ${JSON.stringify([...load.status])}`);
    assert.equal(a.sql("SELECT COUNT(*) FROM ledger", name), stale, "the old primary was given a write");
    a.stop("immediate");

    const rows = load.check(data);
    assert.ok(load.acknowledged.size > before);
    log(`${load.acknowledged.size} acknowledged, ${rows.length} rows: none lost, none twice`);
    for (const p of [...processes, third]) { assert.equal((await p.stop()).code, 0); }
    for (const x of [...browsers, late]) { x.close(); }
    const v = lilong("verify", "--data", data);
    assert.equal(v.status, 0, `${v.stdout}\n${v.stderr}`);
    log(`verify: ${v.stdout.trim().split("\n").pop()}`);
    const seqs = sql(data, `SELECT COUNT(*) AS n, MAX(seq) AS last FROM ledger WHERE community = ${COMMUNITY}`)[0];
    assert.equal(String(seqs.n), String(seqs.last));
});
