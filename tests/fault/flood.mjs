/* flood.mjs BASE N: N people who do not know their password try again and again, until this process is told to stop; then one line of statuses. */
import { Browser } from "../support/world.mjs";

const [base, n] = process.argv.slice(2), tried = new Map();
let on = true;
process.on("SIGTERM", () => { on = false; });
await Promise.all(Array.from({ length: Number(n) }, async (_, i) => {
    const b = new Browser(base);
    await b.get("/sign-in/password");
    for (let k = 0; on; k++) {
        const a = await b.post("/sign-in/password", { _csrf: b.token, login: `nobody${i}.${k}`, password: "wrong-password-1" }).catch(() => ({ status: 0 }));
        tried.set(a.status, (tried.get(a.status) || 0) + 1);
        if (a.status !== 422) { await new Promise((ok) => setTimeout(ok, 200)); }
    }
    b.close();
}));
console.log(JSON.stringify([...tried]));
