/* story.test.mjs: the one story that must always work, in real browsers: a resident's phone, a neighbour's phone, the secretary's PC and
 * three handlers' PCs. Once with scripts, once with nothing but forms. LILONG_SHOTS=DIR keeps a picture of each step. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { COMMUNITY, copyWorld, scene, serve, sql, tail } from "../support/world.mjs";
import { documentNumber, mobile } from "../support/people.mjs";
import { PC, PHONE, as, device, go, launch, press, shot, turn } from "./kit.mjs";

const LEVELS = [COMMUNITY, COMMUNITY.slice(0, 9) + "000", COMMUNITY.slice(0, 6) + "000000", "310000000000"];
let chromium, beds, paved;
before(async () => { chromium = await launch(); beds = await scene("beds"); paved = await scene("paved"); });
after(async () => { await chromium?.close(); });

const one = (data, statement) => { const rows = sql(data, statement); assert.ok(rows.length, statement); return rows[0]; };
const file = (name, buffer) => ({ name, mimeType: "image/png", buffer });

/* The figures of a place as numbers by the words beside them. */
async function figures(d, place) {
    const a = await d.page.request.get(`/p/${place}/figures`, { headers: { Accept: "application/json" } });
    assert.equal(a.status(), 200, `figures of ${place}`);
    return a.json();
}

function tell(js) {
    describe(js ? "the story" : "the story without JavaScript", { timeout: 300000 }, () => {
        let world, data, cast, phone, neighbour, pc, squad, property, grid;
        const s = {}; /* what the steps leave for each other */
        const devices = () => [phone, neighbour, pc, squad, property, grid].filter(Boolean);
        const tag = js ? "" : "plain-";
        let broken = false;
        const step = (name, run) => test(name, { timeout: 60000 }, async (t) => {
            if (broken) { t.skip("an earlier step failed"); return; }
            try {
                await run();
                assert.deepEqual(devices().flatMap((d) => d.wrong.splice(0)), []);
            } catch (e) {
                broken = true;
                for (const d of devices()) { console.log(`  ${d.name}: ${d.page.url()}`); await shot(d, `FAILED-${tag}${d.name}`).catch(() => 0); }
                console.log(tail(world.log).split("\n").filter((l) => /error|warn/.test(l)).slice(-10).join("\n"));
                throw e;
            }
        });

        before(async () => {
            data = copyWorld();
            const staff = (role, kind, place) => String(one(data, `SELECT p.person FROM post p JOIN organisation o ON o.id = p.organisation WHERE p.role = '${role}' AND p.valid_to = 0 AND o.kind = '${kind}'
                AND (o.place = ${place}) ORDER BY p.id LIMIT 1`).person);
            const organisation = (person) => String(one(data, `SELECT organisation FROM post WHERE person = ${person} LIMIT 1`).organisation);
            cast = { secretary: staff("party_secretary", "residents_committee", COMMUNITY), squad: staff("handler", "urban_management", LEVELS[1]), property: staff("handler", "property_company", COMMUNITY), grid: staff("grid_operator", "grid_centre", LEVELS[1]) };
            for (const k of ["squad", "property", "grid"]) { cast[k + "_org"] = organisation(cast[k]); }
            cast.neighbour = String(one(data, `SELECT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${COMMUNITY} AND h.state = 'verified' AND q.mode = '' AND q.theme = '' AND q.language IN ('', 'zh-CN')
                AND NOT EXISTS (SELECT 1 FROM post p WHERE p.person = h.person) ORDER BY h.id LIMIT 1`).person);
            s.code = one(data, `SELECT c.code FROM estate_code c JOIN estate e ON e.community = c.community AND e.id = c.estate WHERE c.community = ${COMMUNITY} AND c.void_at = 0 ORDER BY e.id LIMIT 1`).code;
            s.home = one(data, `SELECT d.building, d.room FROM dwelling d JOIN estate_code c ON c.community = d.community AND c.estate = d.estate WHERE c.code = '${s.code}' AND d.valid_to = 0
                AND NOT EXISTS (SELECT 1 FROM residence h WHERE h.community = d.community AND h.dwelling = d.id)
                AND NOT EXISTS (SELECT 1 FROM roster_entry x WHERE x.community = d.community AND x.dwelling = d.id) ORDER BY d.id LIMIT 1`);
            world = await serve(data);
            const options = (o) => ({ ...o, javaScriptEnabled: js });
            phone = await device(chromium, world.base, "phone", options(PHONE));
            neighbour = await device(chromium, world.base, "neighbour", options(PHONE));
            pc = await device(chromium, world.base, "pc", options(PC));
            squad = await device(chromium, world.base, "squad", options(PC));
            property = await device(chromium, world.base, "property", options(PC));
            grid = await device(chromium, world.base, "grid", options(PC));
        });
        after(async () => {
            for (const d of devices()) { await d.close(); }
            const end = await world?.stop();
            assert.equal(end?.code ?? 0, 0, "the server ended badly");
        });

        step("scans the code on the estate's wall, looks at the public boards, begins to join", async () => {
            s.before = await Promise.all(LEVELS.map((p) => figures(phone, p)));
            await go(phone, `/q/${s.code}`);
            await shot(phone, tag + "scan");
            if (!/\/join/.test(phone.page.url())) { await press(phone, 'a[href^="/join"]'); }
            await shot(phone, tag + "join-phone");
            await phone.page.fill("#phone", mobile(js ? 1 : 2));
            await press(phone, 'form[action="/join"] button[type="submit"]');
        });
        step("code, name and number, building and room, consent: waits", async () => {
            const code = (await phone.page.locator(".tip b").first().textContent()).trim();
            assert.match(code, /^\d{6}$/, "the demo world shows the code");
            await shot(phone, tag + "join-code");
            await phone.page.fill("#code", code);
            await press(phone, 'form[action="/join/code"] button[type="submit"]');
            await shot(phone, tag + "join-name");
            await phone.page.fill("#name", js ? "周小禾" : "吴一凡");
            await phone.page.fill("#number", documentNumber(js ? 11 : 12));
            await press(phone, 'form[action="/join/name"] button[type="submit"]');
            await phone.page.selectOption("#building", String(s.home.building));
            await phone.page.fill("#room", s.home.room);
            await shot(phone, tag + "join-home");
            await press(phone, 'form[action="/join/home"] button[type="submit"]');
            await shot(phone, tag + "join-consent");
            await phone.page.check("#agree");
            await press(phone, 'form[action="/join/consent"] button[type="submit"]');
            assert.match(phone.page.url(), /\/join\/waiting$/);
            await shot(phone, tag + "join-waiting");
            /* read, not write */
            await go(phone, `/p/${COMMUNITY}/report`);
            const a = await phone.page.request.get(`/p/${COMMUNITY}/report/new`, { maxRedirects: 0 });
            assert.equal(a.status(), 403);
        });
        step("a cadre verifies with one tap", async () => {
            await as(pc, cast.secretary);
            await shot(pc, tag + "desk");
            await press(pc, '.desk-side a[href*="resident"], .desk-side a[href*="verif"]');
            await shot(pc, tag + "desk-queue");
            const row = pc.page.locator("tr, li, section, article, .cell").filter({ hasText: js ? "周小禾" : "吴一凡" }).filter({ has: pc.page.locator('form[method="post"]') }).last();
            await turn(pc, () => row.locator('form[action*="verify"] button, form[action*="accept"] button, form button.btn-main').first().click());
            await go(phone, "/join/waiting");
            await shot(phone, tag + "verified");
            await press(phone, "a.btn-main");
            assert.equal(new URL(phone.page.url()).pathname, `/p/${COMMUNITY}`);
            await shot(phone, tag + "home");
        });
        step("reports 广场变菜园 with photos, sees the preview, sends", async () => {
            await press(phone, "a.tab-plus"); /* what she may do here, board by board */
            await shot(phone, tag + "begin");
            await press(phone, 'main a.cell[href$="/report/new"]');
            await shot(phone, tag + "write-empty");
            await phone.page.setInputFiles('input[name="photos"][multiple]', [file("beds.png", beds), file("beds2.png", await scene("beds", 480, 640))]);
            await phone.page.fill("#spot", "中心广场东侧");
            await phone.page.fill("#title", "广场变菜园");
            await phone.page.fill("#body", "小区广场的绿地被人翻土种菜，还浇粪水，味道大，孩子没地方玩。");
            const estates = await phone.page.locator("#estate").count();
            if (estates) { s.estate = await phone.page.inputValue("#estate"); }
            await phone.page.locator("label.chip").first().click();
            if (js) { await phone.page.waitForFunction(() => document.querySelectorAll(".uploader-item canvas, .uploader-item img").length === 2); }
            await shot(phone, tag + "write");
            await press(phone, 'form[enctype] button[type="submit"]');
            assert.match(phone.page.url(), /\/preview$/);
            assert.equal(await phone.page.locator("article .photos img").count(), 2);
            await shot(phone, tag + "preview");
            await press(phone, 'form[action$="/send"] button');
            assert.match(phone.page.url(), /\/report\/\d+\/sent$/);
            await shot(phone, tag + "sent");
            s.id = /report\/(\d+)\/sent/.exec(phone.page.url())[1];
            s.page = `/p/${COMMUNITY}/report/${s.id}`;
            s.desk = `/desk/report/${COMMUNITY}/${s.id}`;
            s.number = (await phone.page.locator(".sent-number").textContent()).trim();
            await go(phone, s.page);
            await shot(phone, tag + "report-new");
        });
        step("the secretary answers in public, and hands on to a lead and two more", async () => {
            await go(pc, "/desk");
            assert.ok(await pc.page.locator(`.desk-row a[href*="${s.id}"]`).count(), "it stands in today's list");
            await shot(pc, tag + "desk-list");
            await press(pc, `.desk-row a.desk-title[href*="${s.id}"]`);
            await shot(pc, tag + "desk-report");
            await pc.page.fill("#answer", "已经收到，上午就去现场看。绿地是大家的，我们请城管、物业和网格中心一起来处理。");
            await press(pc, 'form[action$="/answer"] button[value="public"]');
            await go(pc, s.desk);
            await pc.page.selectOption("#lead", cast.squad_org);
            for (const org of [cast.property_org, cast.grid_org]) { await pc.page.check(`input[name="with"][value="${org}"]`); }
            await pc.page.fill("#task", "清除菜地，恢复绿化；劝导种菜的住户；完工后拍照。");
            await shot(pc, tag + "desk-hand-off");
            await press(pc, 'form[action$="/hand-off"] button[type="submit"]');
            await shot(pc, tag + "desk-handed");
            await go(phone, s.page);
            assert.equal(await phone.page.locator(".handlers .handler").count(), 3);
            await shot(phone, tag + "report-handed");
        });
        const handle = async (d, person, words, name) => {
            await as(d, person);
            await go(d, s.desk);
            await shot(d, `${tag}${name}-order`);
            await press(d, 'form[action$="/accept"] button');
            await d.page.fill('form[action$="/done"] textarea', words);
            await d.page.setInputFiles('form[action$="/done"] input[type="file"]', [file("after.png", paved)]);
            await press(d, 'form[action$="/done"] button[type="submit"]');
            await shot(d, `${tag}${name}-done`);
        };
        step("the city squad accepts and is done with proof", () => handle(squad, cast.squad, "菜地已全部清除，种菜的三户已当面劝导。", "squad"));
        step("the property company too", () => handle(property, cast.property, "土已平整，补种草皮 40 平方米。", "property"));
        step("and the grid centre", () => handle(grid, cast.grid, "已列入每日巡查点位。", "grid"));
        step("the committee checks", async () => {
            await go(pc, s.desk);
            await shot(pc, tag + "desk-check");
            await press(pc, 'form[action$="/check"] button[value="yes"]');
        });
        step("the reporter is not satisfied: back to the same handlers", async () => {
            await go(phone, s.page);
            await shot(phone, tag + "confirm");
            await phone.page.fill("#words", "西侧还留着一块菜地，没有清掉。");
            await press(phone, 'form[action$="/confirm"] button[value="no"]');
            await shot(phone, tag + "rejected");
            const state = await (await phone.page.request.get(s.page, { headers: { Accept: "application/json" } })).json();
            assert.equal(state.state, "handling");
        });
        step("they do it once more, the committee checks again", async () => {
            for (const d of [squad, property, grid]) {
                await go(d, s.desk);
                if (await d.page.locator('form[action$="/accept"] button').count()) { await press(d, 'form[action$="/accept"] button'); }
                await d.page.fill('form[action$="/done"] textarea', "西侧也已清除，恢复草坪。");
                await d.page.setInputFiles('form[action$="/done"] input[type="file"]', [file("after2.png", paved)]);
                await press(d, 'form[action$="/done"] button[type="submit"]');
            }
            await go(pc, s.desk);
            await press(pc, 'form[action$="/check"] button[value="yes"]');
        });
        step("solved: five stars", async () => {
            await go(phone, s.page);
            await phone.page.locator('label[for="r5"]').click();
            await phone.page.fill("#words", "这次清干净了，谢谢！");
            await shot(phone, tag + "stars");
            await press(phone, 'form[action$="/confirm"] button[value="yes"]');
            await shot(phone, tag + "closed");
            const r = await (await phone.page.request.get(s.page, { headers: { Accept: "application/json" } })).json();
            assert.deepEqual([r.state, r.rating, r.number], ["closed", 5, s.number]);
            assert.ok(r.after.length >= 3, "proof stands beside what was before");
        });
        step("a neighbour sees it, has met it too, comments", async () => {
            await as(neighbour, cast.neighbour);
            await go(neighbour, `/p/${COMMUNITY}/report`);
            assert.ok(await neighbour.page.getByText("广场变菜园").first().isVisible());
            await shot(neighbour, tag + "list");
            await press(neighbour, `a[href="${s.page}"]`);
            if (await neighbour.page.locator('form[action$="/join"] button').count()) { await press(neighbour, 'form[action$="/join"] button'); }
            if (await neighbour.page.locator('form[action$="/thumb"] button').count()) { await press(neighbour, 'form[action$="/thumb"] button'); }
            await neighbour.page.fill("#body", "我家就在旁边，现在孩子又能来玩了。");
            await press(neighbour, 'form[action$="/comment"] button');
            assert.ok(await neighbour.page.getByText("现在孩子又能来玩了").isVisible());
            await shot(neighbour, tag + "neighbour");
        });
        step("it counts at community, street, district and city", async () => {
            const now = await Promise.all(LEVELS.map((p) => figures(phone, p)));
            const reported = (f) => JSON.stringify(f);
            for (const [i, place] of LEVELS.entries()) {
                assert.notEqual(reported(now[i]), reported(s.before[i]), `nothing has changed at ${place}`);
                await go(i ? pc : phone, `/p/${place}`);
                await shot(i ? pc : phone, `${tag}level-${i}`);
                await go(i ? pc : phone, `/p/${place}/figures`);
                await shot(i ? pc : phone, `${tag}figures-${i}`);
                const csv = await phone.page.request.get(`/p/${place}/figures.csv`);
                assert.equal(csv.status(), 200);
            }
        });
    });
}

tell(true);
tell(false);
