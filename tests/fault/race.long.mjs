/* race.long.mjs: everything at once under the thread sanitizer: people write and read and sign in, figures are asked for, the program is started anew.
 * Photos are left out: their workers run in little memory, and the sanitizer needs much. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Browser, COMMUNITY, ROOT, copyWorld, serve } from "../support/world.mjs";
import { Writers, wait } from "./layer.mjs";

const BUILD = join(ROOT, "build-tsan"), SECONDS = Number(process.env.LILONG_SECONDS || 120);

test("no two threads meet without knowing of each other", { timeout: 1800000 }, async (t) => {
    const env = { ...process.env, CC: "clang" };
    const again = existsSync(join(BUILD, "build.ninja")) ? ["--reconfigure"] : []; /* of a folder that is none yet it is an error */
    const setup = spawnSync("meson", ["setup", ...again, BUILD, "-Db_sanitize=thread", "-Db_lundef=false", "-Dtests=disabled", "-Dwerror=false"], { cwd: ROOT, env, encoding: "utf8" });
    assert.equal(setup.status, 0, setup.stdout + setup.stderr);
    execFileSync("ninja", ["-C", BUILD, "lilong"], { env, stdio: ["ignore", "ignore", "inherit"] });
    const data = copyWorld(), writers = new Writers(data, { agent: 16 });
    const world = await serve(data, { binary: join(BUILD, "lilong"), env: { TSAN_OPTIONS: `halt_on_error=0:history_size=4:suppressions=${join(ROOT, "tests/fault/thread.supp")}` } });
    await writers.signIn(world.base);
    const crowd = writers.run(32), end = Date.now() + SECONDS * 1000;
    let asked = 0;
    const paths = [`/p/${COMMUNITY}/report`, "/me", "/me/messages", "/metrics", "/readyz", `/p/${COMMUNITY}`, "/api/openapi.json", "/sign-in", `/p/${COMMUNITY}/report?q=${encodeURIComponent("电梯")}`];
    const readers = Array.from({ length: 16 }, async (_, i) => {
        const b = writers.browsers[i % writers.browsers.length];
        while (Date.now() < end) { for (const p of paths) { await b.get(p).catch(() => 0); asked++; } }
    });
    const guests = Array.from({ length: 4 }, async () => {
        const b = new Browser(world.base);
        await b.get("/sign-in/password");
        while (Date.now() < end) { await b.post("/sign-in/password", { _csrf: b.token, login: "nobody", password: "wrong-password-1" }).catch(() => 0); }
        b.close();
    });
    for (let i = 0; i < 3; i++) {
        await wait(SECONDS * 250);
        process.kill(world.pid, "SIGUSR2");
    }
    await Promise.all([...readers, ...guests]);
    await crowd.stop();
    await writers.finish();
    const e = await world.stop();
    writers.close();
    const log = readFileSync(world.log, "utf8");
    assert.equal(log.match(/WARNING: ThreadSanitizer/g), null, log.split("\n").filter((l) => !l.startsWith("{")).slice(0, 200).join("\n"));
    assert.equal(e.code, 0);
    writers.check();
    t.diagnostic(`${writers.acknowledged.size} reports, ${asked} reads, three hand-overs, no race`);
});
