/* distribute.test.mjs: `lilong distribute` says when there is no Citus, prints what it would do, and does it: each table once, what everybody needs first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lilong } from "../support/world.mjs";
import { world as demoWorld } from "./cluster.mjs";

const calls = (out) => out.trim().split("\n").filter(Boolean);

test("distribute", { timeout: 170000 }, async (t) => {
    const { server: a, name } = demoWorld(), url = a.url(name), on = (s) => a.sql(s, name);
    const tables = on("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace").split("\n").sort();

    const none = lilong("distribute", "--database", url);
    assert.equal(none.status, 69, none.stdout + none.stderr);
    assert.match(none.stderr, /citus/);
    assert.equal(none.stdout, "");
    assert.equal(lilong("distribute").status, 64);

    const dry = lilong("distribute", "--dry-run");
    assert.equal(dry.status, 0, dry.stderr);
    const named = calls(dry.stdout).map((c) => /^SELECT (?:create_reference_table|create_distributed_table|citus_add_local_table_to_metadata)\('(\w+)'/.exec(c)?.[1]);
    assert.deepEqual([...named].sort(), tables, "every table, each once");
    assert.ok(calls(dry.stdout).some((c) => c === "SELECT create_distributed_table('report', 'community', colocate_with => 'estate');"), dry.stdout);

    /* Functions of those names that write down what they were asked. */
    on(`CREATE TABLE public_calls (n SERIAL, what TEXT);
        CREATE FUNCTION create_reference_table(t TEXT) RETURNS VOID LANGUAGE sql AS $$ INSERT INTO public_calls (what) VALUES ('everywhere ' || t) $$;
        CREATE FUNCTION create_distributed_table(t TEXT, c TEXT, colocate_with TEXT) RETURNS VOID LANGUAGE sql AS $$ INSERT INTO public_calls (what) VALUES ('by ' || c || ' ' || t || ' with ' || colocate_with) $$;
        CREATE FUNCTION citus_add_local_table_to_metadata(t TEXT) RETURNS VOID LANGUAGE sql AS $$ INSERT INTO public_calls (what) VALUES ('one ' || t) $$;`);
    const done = lilong("distribute", "--database", url);
    assert.equal(done.status, 0, done.stderr);
    const asked = on("SELECT what FROM public_calls ORDER BY n").split("\n");
    assert.equal(asked.length, tables.length);
    assert.ok(asked.includes("by community report with estate") && asked.includes("everywhere place") && asked.includes("one session"), asked.join("\n"));
    assert.ok(asked.indexOf("everywhere person") < asked.findIndex((x) => x.startsWith("by ")), "what everybody needs is everywhere first");
    t.diagnostic(`${asked.length} calls`);
    a.stop();
});
