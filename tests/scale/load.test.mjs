/* load.test.mjs: the load generator itself: 512 who write at once all get their answer, also from a server that stands still for longer than anybody would wait. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BINARY, COMMUNITY, copyWorld, serve, sql } from "../support/world.mjs";

const LOAD = join(process.env.LILONG_BUILD || dirname(BINARY), "load");
let server;
after(async () => { await server?.kill(); });

test("512 connections: each report that was begun is acknowledged and there", { timeout: 200000 }, async () => {
    const data = copyWorld();
    server = await serve(data);
    const pause = join(dirname(data), "pause.sh");
    writeFileSync(pause, `#!/bin/sh\n[ "$1" = on ] || exit 0\n(sleep 1; kill -STOP ${server.pid}; sleep 12; kill -CONT ${server.pid}) >/dev/null 2>&1 &\n`, { mode: 0o700 });
    const count = () => Number(sql(data, "SELECT COUNT(*) AS n FROM report")[0].n), before = count();
    const child = spawn(LOAD, ["report", new URL(server.base).port, COMMUNITY, "-c", "512", "-t", "2", "-a", "verified", "-x", pause]);
    let out = "";
    for (const stream of [child.stdout, child.stderr]) { stream.on("data", (d) => { out += d; }); }
    const status = await new Promise((ok) => child.on("exit", ok));
    assert.equal(status, 0, out);
    const requests = Number(/requests=(\d+)/.exec(out)[1]);
    assert.ok(requests >= 512 && / failed=0 /.test(out), out);
    assert.ok(Number(/max_us=(\d+)/.exec(out)[1]) >= 4000000, `the server did not stand still: ${out}`);
    assert.equal(count() - before, requests);
});
