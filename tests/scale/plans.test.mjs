/* plans.test.mjs: how PostgreSQL means to read the lists of a community with some thousand reports, as it plans for the server: without values. A list is read in the
 * order of an index until its page is full; one that is sorted first reads all reports of the community each time. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COMMUNITY, ROOT } from "../support/world.mjs";
import { world } from "./cluster.mjs";

const LISTS = { report_page: "bigint, bigint, text, bigint, bigint", report_page_open: "bigint, bigint, text, bigint, bigint", report_page_state: "bigint, text, bigint, text, bigint, bigint" };

function statement(name) {
    const body = readFileSync(join(ROOT, "src/boards/report/report.sql"), "utf8").split(`-- name: ${name} :`)[1].split("-- name:")[0];
    return body.split("\n").slice(1).filter((line) => !line.startsWith("--")).join("\n").trim().replace(/;$/, "");
}

test("lists of reports are read in the order of an index", { timeout: 240000 }, () => {
    const { server, name } = world("plans");
    const columns = server.sql("SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_name = 'report' AND column_name <> 'id'", name);
    server.sql(`INSERT INTO report (id, ${columns}) SELECT id - 1000000 * n, ${columns} FROM report, generate_series(1, 200) n WHERE community = ${COMMUNITY}; ANALYZE report`, name);
    assert.ok(Number(server.sql(`SELECT COUNT(*) FROM report WHERE community = ${COMMUNITY}`, name)) > 4000);
    for (const [list, types] of Object.entries(LISTS)) {
        const nulls = types.split(", ").map(() => "NULL").join(", ");
        const plan = server.sql(`SET plan_cache_mode = force_generic_plan; PREPARE list (${types}) AS ${statement(list)}; EXPLAIN (COSTS off) EXECUTE list (${nulls})`, name);
        assert.match(plan, /Index Scan Backward using report_/, `${list}:\n${plan}`);
        assert.doesNotMatch(plan, /Sort Key: report/, `${list}:\n${plan}`);
    }
});
