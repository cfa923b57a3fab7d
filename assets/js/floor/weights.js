// What a weight typed at a scale may hide, as app/stock/plausibility.py judges it, in kg. Pure: both are held to the
// same cases by tests/app/stock/weights.json.

const UNIT = 1000; // grams typed for kilograms, or the other way round

const grams = (kg) => Math.round(kg * 1000) / 1000;

const fits = (gross, { full, tare, tolerance }) => gross >= grams(tare - tolerance) && gross <= grams(full + tare + tolerance);

/** The weight that was meant when another unit was typed, if that makes it plausible, or null. */
export function meant(gross, known) {
  if (fits(gross, known)) return null;
  const found = [gross / UNIT, gross * UNIT].find((one) => fits(one, known));
  return found === undefined ? null : grams(found);
}

/** Whether no answer can make it true. */
export const isImpossible = (gross, known) => !(gross > 0) || (gross > known.heaviest && meant(gross, known) === null);

/** The questions to ask, the one that explains most first. */
export function doubts(gross, known) {
  if (meant(gross, known) !== null) return ["unit"];
  const net = grams(gross - known.tare);
  if (gross > grams(known.full + known.tare + known.tolerance)) return ["above_full"];
  if (net < -known.tolerance) return ["below_tare"];
  if (known.last !== null && net > grams(known.last + known.tolerance)) return ["more_than_before"];
  return [];
}

/** A weight as it is typed, with a comma or a point; NaN when it is none. */
export const read = (typed) => (/^\d+([.,]\d{0,3})?$/.test(typed) ? Number(typed.replace(",", ".")) : Number.NaN);
