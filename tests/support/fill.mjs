/* fill.mjs: what a form's fields may be filled with, by the OpenAPI document and by their names. */
import { png, sql } from "./world.mjs";

/* Values that only the world knows; the rest follows from the schema. */
export function values(data, t) {
    const one = (statement) => { const rows = sql(data, statement); return rows.length ? String(Object.values(rows[0])[0]) : ""; };
    return {
        category: one(`SELECT category FROM report WHERE community = ${t.place} AND id = ${t.report}`),
        into: one(`SELECT number FROM report WHERE community = ${t.place} AND id <> ${t.report} AND state = 'handling' ORDER BY id LIMIT 1`),
        lead: t.handler, board: t.board, icon: "report", comment: t.comment, building: t.building, dwelling: t.dwelling, estate: t.estate, organisation: t.organisation,
        serve_at: t.place, at: t.place, role: "handler", kind: null, who: "13900000077", phone: "13912345678",
        due: "2035-01-02T10:00", until: "2035-03-02T10:00", due_reason: "要等天气", text: "已经在处理", task: "请去看一看",
        estate_name: "新小区", building_name: "99号楼", room: "9901室", name: "王小明", spot: "3号楼前",
        title: "楼道灯不亮", body: "三楼的灯不亮了", solved: "no", passed: "no", granted: "no", hidden: "1", why: "核实情况", reason: "照实说的理由", id: t.correction,
    };
}

const picture = { name: "a.png", type: "image/png", bytes: await png(64, 48, () => [90, 120, 90]) };

/* What is sent to a route: every field that it needs, and what the table above has for the others. */
export function fields(route, openapi, known) {
    const operation = openapi.paths[route.path.replace(/:word\}/g, "}")][route.method.toLowerCase()];
    const schema = Object.values(operation.requestBody?.content || {})[0]?.schema;
    const out = {};
    for (const [name, s] of Object.entries(schema?.properties || {})) {
        const needed = (schema.required || []).includes(name), given = known[name];
        if (s.items?.format === "binary") { out[name] = picture; continue; }
        if (s.type === "array") { continue; }
        if (given && !(s.enum && !s.enum.includes(given))) { out[name] = given; continue; }
        if (s.enum) { out[name] = s.enum[0]; continue; }
        if (!needed) { continue; }
        if (s.type === "boolean") { out[name] = "1"; }
        else if (s.type === "integer" || s.type === "number") { out[name] = String(s.minimum ?? 1); }
        else if (s.format === "date") { out[name] = "1988-03-12"; }
        else if (s.format === "date-time") { out[name] = "2035-01-02T10:00"; }
        else if (s.pattern) { out[name] = "999"; }
        else { out[name] = name === "kind" ? "charity" : "照实写的一句话".slice(0, s.maxLength); }
    }
    return out;
}
