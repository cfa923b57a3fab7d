// Numbers of parts and cartons, as app/kernel/codes.py and app/stock/selectors.py read them: a typing error is told without network.
const ALPHABET = "34679ACDEFGHJKMNPQRTWXY";
const SHORTEST = 5;
const LONGEST = 11;

/** The number in what was typed or scanned: {code} of a part, {carton}, or {error: "shape" | "check" | "foreign"}: a label's code is an address,
    /E/<workshop>/<number>, which says whose it is. */
export function readCode(text, workshop) {
  const address = String(text).trim().match(/\/E\/(\d+)\/([^/?#]+)/i);
  if (address && Number(address[1]) !== workshop) return { error: "foreign" };
  const typed = address ? address[2] : String(text);
  const whole = typed.replace(/[\s\-._]/g, "").toUpperCase();
  const isCarton = /^[S5]/.test(whole); // a mark that no part number has; read aloud, its letter looks like the figure
  const code = isCarton ? whole.slice(1) : whole;
  const places = [...code].map((char) => ALPHABET.indexOf(char));
  if (code.length <= SHORTEST || code.length > LONGEST || places.includes(-1)) return { error: "shape" };
  const sum = places.slice(0, -1).reduce((total, place, rank) => total + (rank + 2) * place, 0);
  if (sum % ALPHABET.length !== places.at(-1)) return { error: "check" };
  return isCarton ? { carton: `S${code}` } : { code };
}
