/* department.test.mjs: a department joins by configuration (the women's federation): an officer of the district, who cannot program, founds it
 * and makes three boards in the console; its clerk and residents then live with them. Nothing but pages and taps; LILONG_SHOTS=DIR keeps a
 * picture of each step. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { COMMUNITY, OTHER_STREET, copyWorld, serve, sql, tail } from "../support/world.mjs";
import { mobile } from "../support/people.mjs";
import { PC, PHONE, as, device, go, launch, look, press, shot } from "./kit.mjs";

const STREET = COMMUNITY.slice(0, 9) + "000", DISTRICT = COMMUNITY.slice(0, 6) + "000000";
const HOME = `/p/${COMMUNITY}`;
const submit = (action) => `form[action="${action}"] button[type="submit"]`;

describe("the women's federation joins", { timeout: 240000 }, () => {
    let chromium, world, data, officer, clerk, resident, elsewhere, guest, cast, broken = false;
    const s = {}; /* what the steps leave for each other */
    const devices = () => [officer, clerk, resident, elsewhere, guest].filter(Boolean);
    const one = (statement) => { const rows = sql(data, statement); assert.ok(rows.length, statement); return rows[0]; };
    const step = (name, run) => test(name, { timeout: 60000 }, async (t) => {
        if (broken) { t.skip("an earlier step failed"); return; }
        try {
            await run();
            assert.deepEqual(devices().flatMap((d) => d.wrong.splice(0)), []);
        } catch (e) {
            broken = true;
            for (const d of devices()) { console.log(`  ${d.name}: ${d.page.url()}`); await shot(d, `FAILED-${d.name}`).catch(() => 0); }
            console.log(tail(world.log).split("\n").filter((l) => /error|warn/.test(l)).slice(-10).join("\n"));
            throw e;
        }
    });
    /* A form is sent with something wrong in it: it comes again with words about it and with what was typed. */
    const refused = async (d, button, field, typed) => {
        d.expected.add("422");
        const answer = d.page.waitForResponse((r) => r.request().method() === "POST");
        await d.page.locator(button).first().click();
        assert.equal((await answer).status(), 422);
        await d.page.waitForSelector('[aria-invalid="true"]'); /* forms with pictures come again without a new page */
        if (typed) { assert.equal(await d.page.inputValue(field), typed, "what was typed is still there"); }
        d.expected.delete("422");
    };
    const clean = async (d, what) => assert.deepEqual(await look(d.page), [], what);
    const make = async (b) => {
        await go(officer, "/desk/boards/new");
        for (const [id, value] of Object.entries({ name: b.name, name_en: b.en, lead: b.lead, lead_en: b.lead_en })) { await officer.page.fill("#" + id, value); }
        await officer.page.check(`input[name="kind"][value="${b.kind}"]`);
        await officer.page.check(`input[name="icon"][value="${b.icon}"]`, { force: true });
        await officer.page.selectOption("#owner", { label: "宝山区妇女联合会" });
        await officer.page.check(`input[name="writers"][value="${b.writers}"]`);
        await officer.page.check(`input[name="readers"][value="${b.readers}"]`);
        await officer.page.check(`input[name="review"][value="none"]`);
        await officer.page.check(`input[name="places"][value="${STREET}"]`);
        if (b.after) { await officer.page.selectOption("#after", { label: `「${b.after}」后面` }); }
        await shot(officer, `board-${b.kind}-form`);
        await press(officer, submit("/desk/boards"));
        b.id = /\/desk\/boards\/(\d+)$/.exec(officer.page.url())?.[1];
        assert.ok(b.id, `made: ${officer.page.url()}`);
        b.word = one(`SELECT word FROM board WHERE id = ${b.id}`).word;
        b.url = `${HOME}/${b.kind}/${b.word}`;
        await shot(officer, `board-${b.kind}-made`);
    };
    const on_home = async (d) => (await go(d, HOME), d.page.locator("main").innerText());
    const boards = {
        news: { kind: "bulletin", name: "妇联之声", en: "Women's news", lead: "权益、健康、家庭教育的消息", lead_en: "News on rights, health and families", icon: "news", writers: "staff", readers: "everybody", after: "社区公告" },
        ask: { kind: "inquiry", name: "维权咨询", en: "Ask the federation", lead: "悄悄问，妇联的人回答", lead_en: "Ask in private, the federation answers", icon: "help", writers: "residents", readers: "everybody" },
        days: { kind: "activity", name: "巾帼活动", en: "Women's days", lead: "讲座、亲子、志愿服务", lead_en: "Talks, family days, volunteering", icon: "calendar", writers: "staff", readers: "everybody" },
    };
    const all = Object.values(boards);

    before(async () => {
        chromium = await launch();
        data = copyWorld();
        const verified = (place) => String(one(`SELECT h.person FROM residence h JOIN person q ON q.id = h.person WHERE h.community = ${place} AND h.state = 'verified' AND q.state = 'active' AND q.mode = '' AND q.theme = '' AND q.language IN ('', 'zh-CN')
            AND NOT EXISTS (SELECT 1 FROM post p WHERE p.person = h.person) ORDER BY h.id LIMIT 1`).person);
        cast = {
            officer: String(one(`SELECT p.person FROM post p JOIN organisation o ON o.id = p.organisation WHERE p.role = 'district_officer' AND p.valid_to = 0 AND o.place = ${DISTRICT} ORDER BY p.id LIMIT 1`).person),
            resident: verified(COMMUNITY), elsewhere: verified(OTHER_STREET),
        };
        world = await serve(data);
        officer = await device(chromium, world.base, "officer", PC);
        clerk = await device(chromium, world.base, "clerk", PC);
        resident = await device(chromium, world.base, "resident", PHONE);
        elsewhere = await device(chromium, world.base, "elsewhere", PHONE);
        guest = await device(chromium, world.base, "guest", { ...PHONE, locale: "en-GB" });
    });
    after(async () => {
        for (const d of devices()) { await d.close(); }
        await chromium?.close();
        const end = await world?.stop();
        assert.equal(end?.code ?? 0, 0, "the server ended badly");
    });

    step("somebody who will be its clerk has an account", async () => {
        await go(clerk, "/sign-in");
        await clerk.page.fill('form[action="/sign-in/phone"] [name="phone"]', mobile(71));
        await press(clerk, submit("/sign-in/phone"));
        await clerk.page.fill("#code", (await clerk.page.locator(".tip b").first().textContent()).trim());
        await press(clerk, submit("/sign-in/code"));
    });
    step("an officer of the district founds the federation, and appoints its clerk", async () => {
        await as(officer, cast.officer);
        await press(officer, '.desk-side a[href="/desk/organisations"]');
        await officer.page.selectOption("#kind", "mass_organisation");
        await refused(officer, submit("/desk/organisations"), "#kind", "mass_organisation"); /* without a name */
        await officer.page.fill("#name", "宝山区妇女联合会");
        await officer.page.fill("#phone", "021-56691234");
        await press(officer, submit("/desk/organisations"));
        s.organisation = /\/desk\/organisations\/(\d+)$/.exec(officer.page.url())[1];
        const appoint = submit(`/desk/organisations/${s.organisation}/posts`);
        await officer.page.fill("#who", "13800000000");
        await refused(officer, appoint); /* nobody has this number */
        await officer.page.fill("#who", mobile(71));
        await officer.page.fill("#title", "权益部干事");
        await press(officer, appoint);
        assert.match(await officer.page.locator("main").innerText(), /权益部干事/);
        await shot(officer, "federation");
        await clean(officer, "the page of the organisation");
        s.clerk = String(one(`SELECT person FROM post WHERE organisation = ${s.organisation}`).person);
    });
    step("makes three boards in the console; bad input is told", async () => {
        await press(officer, '.desk-side a[href="/desk/boards"]');
        await press(officer, 'a[href="/desk/boards/new"]');
        await officer.page.fill("#lead", "权益、健康、家庭教育的消息");
        await refused(officer, submit("/desk/boards"), "#lead", "权益、健康、家庭教育的消息"); /* no name */
        await clean(officer, "the form that came again");
        for (const b of all) { await make(b); }
        await clean(officer, "the board as it was made");
    });
    step("a draft is seen by its maker in a preview, and by no resident", async () => {
        await as(resident, cast.resident);
        const home = await on_home(resident);
        for (const b of all) {
            assert.ok(!home.includes(b.name), `${b.name} is a draft`);
            assert.equal((await resident.page.request.get(b.url)).status(), 404, b.url);
            await go(officer, `/desk/boards/${b.id}`);
            const preview = officer.page.locator("#state ~ .btns a.btn");
            assert.equal(await preview.count(), 1, `a preview of ${b.name}`);
            await go(officer, await preview.getAttribute("href"));
            assert.match(await officer.page.locator("main").innerText(), new RegExp(b.name));
        }
        await shot(officer, "preview");
    });
    step("switched on, they stand on the home pages of that street, in both languages, and nowhere else", async () => {
        for (const b of all) {
            await go(officer, `/desk/boards/${b.id}`);
            await press(officer, `form[action="/desk/boards/${b.id}/state"] button[value="yes"]`);
        }
        const home = await on_home(resident);
        for (const b of all) { assert.ok(home.includes(b.name), `${b.name} on the home page`); }
        const names = (await resident.page.locator(".board").allInnerTexts()).map((x) => x.split("\n").map((y) => y.trim()).find(Boolean));
        assert.equal(names.indexOf("妇联之声"), names.indexOf("社区公告") + 1, `where its maker put it: ${names}`);
        assert.equal(names.at(-1), "巾帼活动", `last when nothing was said: ${names}`);
        await shot(resident, "home");
        await clean(resident, "the home page with three more boards");
        await go(elsewhere, `/demo?person=${cast.elsewhere}`); /* the list of the demo world shows some of the neighbours only */
        await press(elsewhere, 'form[action="/demo"] button');
        await go(elsewhere, `/p/${OTHER_STREET}`);
        const other = await elsewhere.page.locator("main").innerText();
        for (const b of all) {
            assert.ok(!other.includes(b.name), `${b.name} is not of that street`);
            assert.equal((await elsewhere.page.request.get(`/p/${OTHER_STREET}/${b.kind}/${b.word}`)).status(), 404);
        }
        const english = await on_home(guest);
        for (const b of all) { assert.ok(english.includes(b.en), `${b.en} on the home page in English`); }
        await shot(guest, "home-en");
    });
    step("the clerk publishes a notice and a day; residents read, sign up", async () => {
        await clerk.context.clearCookies();
        await as(clerk, s.clerk);
        await shot(clerk, "clerk-desk");
        const at = one(`SELECT place FROM organisation WHERE id = ${s.organisation}`).place;
        assert.equal(String(at), DISTRICT);
        await go(clerk, `/p/${STREET}/bulletin/${boards.news.word}/new`);
        await clerk.page.fill("#title", "反家庭暴力：遇到了怎么办");
        await refused(clerk, 'form[data-draft="bulletin"] button[value="send"]', "#title", "反家庭暴力：遇到了怎么办"); /* nothing in it */
        await clerk.page.fill("#body", "第一步，到安全的地方，拨打 110。\n\n**妇联热线 12338**，每天都有人接。");
        await press(clerk, 'form[data-draft="bulletin"] button[value="send"]');
        await shot(clerk, "clerk-notice");
        await go(clerk, `${boards.days.url}/new`);
        await clerk.page.fill("#title", "亲子阅读下午");
        const day = new Date(Date.now() + 8 * 3600e3 + 6 * 86400e3).toISOString().slice(0, 10);
        await clerk.page.fill("#starts_at", `${day}T14:00`);
        await clerk.page.fill("#ends_at", `${day}T16:00`);
        await clerk.page.fill("#spot", "居委会二楼活动室");
        await clerk.page.fill("#body", "带一本孩子喜欢的书来。");
        await clerk.page.fill("#ends_at", `${day}T13:00`);
        await refused(clerk, 'form[data-draft="activity"] button[type="submit"]', "#ends_at", `${day}T13:00`); /* ends before it begins */
        await clerk.page.fill("#ends_at", `${day}T16:00`);
        await clerk.page.fill("#capacity", "20");
        await press(clerk, 'form[data-draft="activity"] button[type="submit"]');
        await shot(clerk, "clerk-day");

        await go(resident, boards.news.url);
        await press(resident, 'main a:has-text("反家庭暴力")');
        assert.match(await resident.page.locator("main").innerText(), /12338/);
        await shot(resident, "notice");
        await clean(resident, "the notice");
        await go(resident, boards.days.url);
        await press(resident, 'main a:has-text("亲子阅读下午")');
        await press(resident, 'form[action$="/sign"] button');
        await shot(resident, "signed-up");
        assert.equal(one(`SELECT COUNT(*) AS n FROM activity_signup WHERE person = ${cast.resident} AND entry = ${/\/(\d+)/.exec(resident.page.url().slice(world.base.length + boards.days.url.length))[1]}`).n, 1);
    });
    step("a resident asks in private; the clerk, and nobody else, reads and answers", async () => {
        await go(resident, `${boards.ask.url}/new`);
        await resident.page.fill("#title", "离婚后孩子的抚养费不给怎么办");
        await resident.page.fill("#body", "已经三个月了。");
        await shot(resident, "ask");
        await press(resident, `form[data-draft="inquiry"] button[type="submit"]`);
        s.thread = resident.page.url();
        await go(clerk, "/desk/inquiry");
        await press(clerk, 'main a:has-text("抚养费")');
        s.desk = clerk.page.url();
        await clerk.page.fill("#text", "可以向法院申请强制执行，我们陪您去。请打 12338 约时间。");
        await shot(clerk, "clerk-answer");
        await press(clerk, '#answer button[type="submit"]');
        await go(resident, s.thread);
        assert.match(await resident.page.locator("main").innerText(), /强制执行/);
        await shot(resident, "answered");
        for (const url of [s.thread, s.desk]) {
            for (const d of [officer, elsewhere]) { assert.ok([403, 404].includes((await d.page.request.get(url)).status()), `${d.name} reads ${url}`); }
        }
    });
    step("switched off, a board is gone from the pages and keeps what was written; switched on, it is back", async () => {
        const state = `form[action="/desk/boards/${boards.news.id}/state"] button`;
        await go(officer, `/desk/boards/${boards.news.id}`);
        await press(officer, state + '[value="no"]');
        assert.ok(!(await on_home(resident)).includes(boards.news.name));
        assert.equal((await resident.page.request.get(boards.news.url)).status(), 404);
        await go(officer, `/desk/boards/${boards.news.id}`);
        await press(officer, state + '[value="yes"]');
        await go(resident, boards.news.url);
        assert.match(await resident.page.locator("main").innerText(), /反家庭暴力/);
    });
});
