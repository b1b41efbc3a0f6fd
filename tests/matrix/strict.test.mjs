/* strict.test.mjs: the same field twice is 400, wherever it stands: nobody picks one of the two. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, copyWorld, serve } from "../support/world.mjs";
import { actors, things } from "../support/actors.mjs";
import { fields, values } from "../support/fill.mjs";
import { address, routes } from "../support/routes.mjs";

let list, world, t, known, openapi, b;

before(async () => {
    const data = copyWorld();
    t = things(data);
    known = values(data, t);
    list = routes();
    const secretary = actors(data, t).find((a) => a.name === "secretary").person;
    world = await serve(data);
    b = new Browser(world.base);
    openapi = (await b.get("/api/openapi.json", { json: true })).json;
    await b.signIn(secretary);
    await b.csrf();
});
after(async () => { b?.close(); await world?.stop(); });

const operation = (route) => openapi.paths[route.path.replace(/:word\}/g, "}")][route.method.toLowerCase()];
const single = (schema) => schema.type !== "array";

function refused(what, a, field) {
    assert.equal(a.status, 400, `${what}: ${a.status} ${a.text.slice(0, 300)}`);
    if (field && /json/.test(a.type)) { assert.ok(a.json.errors.some((e) => e.field === field && e.code === "app.field.duplicate"), `${what}: ${a.text}`); }
}

test("twice in an address", { timeout: 60000 }, async () => {
    let n = 0;
    for (const route of list.filter((r) => r.method === "GET")) {
        for (const p of operation(route).parameters.filter((x) => x.in === "query" && single(x.schema))) {
            const path = address(route, t), value = encodeURIComponent(known[p.name] || p.schema.enum?.[0] || "1");
            refused(`GET ${path}?${p.name}`, await b.get(`${path}?${p.name}=${value}&${p.name}=${value}`, { json: true }), p.name);
            refused(`GET ${path}?${p.name} as a page`, await b.get(`${path}?${p.name}=${value}&${p.name}=`));
            n++;
        }
    }
    assert.ok(n >= 10, `${n} parameters`);
});

test("twice in a form, in JSON, and once in the address with once in the body", { timeout: 120000 }, async () => {
    let n = 0;
    for (const route of list.filter((r) => r.method === "POST")) {
        const schema = Object.values(operation(route).requestBody?.content || {})[0]?.schema;
        const path = address(route, t), whole = Object.entries(fields(route, openapi, known)), upload = route.flags.includes("upload");
        const send = (pairs, at = path) => (upload ? b.multipart(at, pairs, { json: true }) : b.post(at, pairs, { json: true }));
        const base = [["_csrf", b.token], ["_key", `twice-${route.name}`], ...whole];
        for (const [name, s] of Object.entries(schema?.properties || {})) {
            if (!single(s)) { continue; }
            const value = fields(route, openapi, known)[name] || s.enum?.[0] || "1", others = base.filter(([k]) => k !== name);
            refused(`POST ${path}: ${name}`, await send([...others, [name, value], [name, value]]), name);
            refused(`POST ${path}: ${name} in the address too`, await send([...others, [name, value]], `${path}?${name}=${encodeURIComponent(value)}`), name);
            n++;
        }
        refused(`POST ${path}: _key`, await send([...base, ["_key", "another"]]));
        refused(`POST ${path}: _csrf`, await send([...base, ["_csrf", b.token]]));
        const twice = await b.request("POST", path, { json: true, body: '{"a":"1","a":"2"}', headers: { "Content-Type": "application/json", Origin: b.base, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": b.token } });
        assert.equal(twice.status, 400, `POST ${path}: twice in JSON: ${twice.status}`);
    }
    assert.ok(n >= 60, `${n} fields`);
});
