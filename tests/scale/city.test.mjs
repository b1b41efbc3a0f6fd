/* city.test.mjs: `lilong generate --scale city` in small: the year of three communities laid out over twelve, in PostgreSQL. Killed in the middle and run again it is the
 * same, row for row, as one that was not; it is whole, everybody in it is somebody of their own, and a server shows it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY, lilong, serve, setUrl, temporary } from "../support/world.mjs";
import { primary, removeAll, until } from "./cluster.mjs";

const AT = "2026-11-20T00:00:00+08:00", OTHER = "310101002001", COPIED = 12;
let pg, folder, server;
const city = (data, name, ...more) => lilong("generate", "--scale", "city-tiny", "--at", AT, "--data", data, "--database", pg.url(name), ...more);
const one = (name, sql) => pg.sql(sql, name);

/* Everything that is not drawn at random (what is sealed, seals itself anew). */
const heads = (name) => one(name, "SELECT community, seq, encode(hash, 'hex') FROM ledger_head ORDER BY community");
const counts = (name) => one(name, `SELECT string_agg(t || ' ' || n, ', ') FROM (SELECT relname AS t,
    (xpath('/row/n/text()', query_to_xml(format('SELECT COUNT(*) AS n FROM %I', relname), false, true, '')))[1]::text AS n
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname) x`);
const indexes = (name) => one(name, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef");

before(() => {
    pg = primary("city");
    for (const name of ["killed", "straight", "plain", "others"]) { pg.sql(`CREATE DATABASE ${name}`); }
    folder = join(temporary("city"), "data");
}, { timeout: 120000 });
after(async () => { await server?.kill(); removeAll(); });

test("without PostgreSQL there is no city", () => {
    const r = lilong("generate", "--scale", "city-tiny", "--data", join(temporary("none"), "data"));
    assert.equal(r.status, 64, r.stdout + r.stderr);
    assert.match(r.stderr, /--database postgresql/);
});

test("killed between chunks, it goes on without gaps or doubles", { timeout: 240000 }, async (t) => {
    let kills = 0;
    for (let stop = 2; stop <= 11; stop += 3) {
        const child = spawn(BINARY, ["generate", "--scale", "city-tiny", "--at", AT, "--data", folder, "--database", pg.url("killed")], { stdio: "ignore" });
        const gone = new Promise((ok) => child.on("exit", ok));
        let over = false;
        gone.then(() => { over = true; });
        await until(`${stop} chunks`, 60000, () => {
            try { return over || Number(one("killed", "SELECT done FROM fill_state")) >= stop; } catch (e) { return false; }
        });
        child.kill("SIGKILL");
        await gone;
        if (!over || child.signalCode) { kills++; }
        if (stop === 2) { /* what is half a city is nobody's to serve, and nobody else's to fill */
            const half = lilong("verify", "--data", folder, "--database", pg.url("killed"));
            assert.notEqual(half.status, 0);
            const other = city(folder, "killed", "--number", "2");
            assert.notEqual(other.status, 0, other.stdout);
        }
    }
    assert.ok(kills >= 2, `${kills} kills`);
    const r = city(folder, "killed");
    assert.equal(r.status, 0, r.stdout + r.stderr);
    const whole = lilong("verify", "--data", folder, "--database", pg.url("killed"));
    assert.equal(whole.status, 0, whole.stdout + whole.stderr);
    t.diagnostic(`killed ${kills} times`);

    const again = city(folder, "killed");
    assert.equal(again.status, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /there already/);
});

test("it is the same as one that was not interrupted, out of another folder", { timeout: 240000 }, () => {
    const r = city(join(temporary("straight"), "data"), "straight");
    assert.equal(r.status, 0, r.stdout + r.stderr);
    assert.equal(heads("straight"), heads("killed"));
    const cleaned = (s) => s.replace(/\bjob \d+/, "");
    assert.equal(cleaned(counts("straight")), cleaned(counts("killed")));
});

test("keys and indexes are those of any other database", { timeout: 120000 }, () => {
    const r = lilong("init", "--data", join(temporary("plain"), "data"), "--database", pg.url("plain"));
    assert.equal(r.status, 0, r.stdout + r.stderr);
    assert.equal(indexes("killed"), indexes("plain"));
    assert.equal(one("killed", "SELECT version, name, sha FROM schema_version ORDER BY version"), one("plain", "SELECT version, name, sha FROM schema_version ORDER BY version"));
});

test("everybody is somebody of their own, at home where they live", () => {
    const zero = (sql) => assert.equal(one("killed", sql), "0", sql);
    assert.equal(one("killed", "SELECT COUNT(DISTINCT community) FROM residence"), String(COPIED));
    zero("SELECT COUNT(*) - COUNT(DISTINCT id) FROM person");
    zero("SELECT COUNT(*) - COUNT(DISTINCT phone_hash) FROM person_phone");
    assert.equal(one("killed", "SELECT COUNT(*) FROM person_phone"), one("killed", "SELECT COUNT(*) FROM person"));
    zero("SELECT COUNT(*) FROM residence r LEFT JOIN person p ON p.id = r.person WHERE p.id IS NULL");
    zero("SELECT COUNT(*) FROM person_residence r LEFT JOIN residence h ON h.community = r.community AND h.id = r.residence WHERE h.id IS NULL");
    zero("SELECT COUNT(*) FROM residence r LEFT JOIN dwelling d ON d.community = r.community AND d.id = r.dwelling WHERE d.id IS NULL");
    zero("SELECT COUNT(*) FROM post p LEFT JOIN organisation o ON o.id = p.organisation WHERE o.id IS NULL");
    zero("SELECT COUNT(*) FROM work_order w LEFT JOIN organisation o ON o.id = w.organisation WHERE o.place / 1000 <> w.community / 1000 OR o.id IS NULL");
    zero("SELECT COUNT(*) FROM report r LEFT JOIN residence h ON h.community = r.community AND h.person = r.author WHERE h.id IS NULL");
    zero("SELECT COUNT(*) FROM entry e LEFT JOIN board b ON b.id = e.board WHERE b.id IS NULL");
    zero("SELECT COUNT(*) FROM notification n LEFT JOIN person p ON p.id = n.person WHERE p.id IS NULL");
    zero("SELECT COUNT(*) FROM notification WHERE url LIKE '/p/%' AND url NOT LIKE '/p/' || community || '/%'");
    zero("SELECT COUNT(*) FROM (SELECT id FROM report GROUP BY id HAVING COUNT(*) > 1) x");
    zero("SELECT COUNT(*) FROM search_entry e LEFT JOIN search_index i ON i.community = e.community AND i.id = e.id WHERE i.id IS NULL");
    assert.notEqual(one("killed", `SELECT COUNT(*) FROM report WHERE community = ${OTHER}`), "0");
});

test("a database of somebody else is left alone", () => {
    one("others", "CREATE TABLE mine (n INT)");
    one("others", "INSERT INTO mine VALUES (7)");
    const r = city(folder, "others");
    assert.equal(r.status, 73, r.stdout + r.stderr);
    assert.match(r.stderr, /not empty/);
    assert.equal(one("others", "SELECT n FROM mine"), "7");
    assert.equal(one("others", "SELECT COUNT(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"), "1");
    const plain = city(folder, "plain");
    assert.equal(plain.status, 73, "an installation is not a city: " + plain.stdout + plain.stderr);
    const other = city(folder, "killed", "--number", "2");
    assert.notEqual(other.status, 0, "another city");
});

test("it is served", { timeout: 60000 }, async () => {
    setUrl(folder, pg.url("killed"));
    server = await serve(folder);
    const list = await (await fetch(`${server.base}/p/${OTHER}/report`, { headers: { accept: "application/json" } })).json();
    assert.ok(JSON.stringify(list).includes(OTHER));
    const page = await fetch(`${server.base}/p/${OTHER}/report`);
    assert.equal(page.status, 200);
    const id = /\/report\/(\d{15,})/.exec(await page.text())?.[1];
    assert.ok(id, "a report of its own");
    assert.equal((await fetch(`${server.base}/p/${OTHER}/report/${id}`)).status, 200);
    const person = one("killed", `SELECT person FROM residence WHERE community = ${OTHER} ORDER BY id LIMIT 1`);
    const entered = await fetch(`${server.base}/demo`, { method: "POST", redirect: "manual", body: JSON.stringify({ person }), headers: { "content-type": "application/json", accept: "application/json" } });
    const cookie = entered.headers.get("set-cookie")?.split(";")[0];
    assert.ok(cookie, `somebody there comes in: ${entered.status}`);
    const talk = await fetch(`${server.base}/p/${OTHER}/talk/neighbour_talk`, { headers: { cookie } });
    assert.equal(talk.status, 200);
    assert.match(await talk.text(), /邻里交流/);
    /* somebody writes: numbers, chain and figures go on */
    const session = await (await fetch(`${server.base}/api/session`, { headers: { cookie, accept: "application/json" } })).json();
    const said = await fetch(`${server.base}/p/${OTHER}/talk/neighbour_talk/new`, { method: "POST", redirect: "manual", body: JSON.stringify({ title: "新来的邻居", body: "大家好，刚搬到三号楼。" }),
        headers: { cookie, "x-csrf-token": session.csrf, "content-type": "application/json", accept: "application/json" } });
    assert.ok(said.status < 300, `${said.status} ${await said.text()}`);
    await server.stop();
    server = null;
    const whole = lilong("verify", "--data", folder, "--database", pg.url("killed"));
    assert.equal(whole.status, 0, whole.stdout + whole.stderr);
});
