/** What the system hands out by itself begins above these on Linux, macOS and Windows. */
const [FIRST, COUNT] = [12_000, 18_000]
let given = 0

/** A port that nobody else is given while its server is gone: for one that comes back under the same address. */
export function quietPort(): number {
  given += 1
  return FIRST + ((process.pid * 37 + given) % COUNT)
}
