/* people.mjs: made-up identities that the rules accept. */
export function documentNumber(n, { region = "310113", born = "19880312", male = false } = {}) {
    const body = region + born + String(n % 500 * 2 + (male ? 1 : 0)).padStart(3, "0");
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = [...body].reduce((s, c, i) => s + Number(c) * weights[i], 0);
    return body + "10X98765432"[sum % 11];
}
export const mobile = (n) => "139" + String(10000000 + n * 7919).padStart(8, "0").slice(0, 8);
