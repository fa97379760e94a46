/** Percent at which the water is driven past the heater: all of it while it heats, and enough to mix it while it does not. */
export function circulationSpeed(heating: boolean | undefined): number {
  return heating === true ? 100 : 40;
}

/** Percent at which the building is supplied: the more, the colder it is outside; in steps, so that the pump rests. */
export function supplySpeed(outdoor: number | undefined): number {
  if (outdoor === undefined) return usual;
  const percent = ((warmest - outdoor) / (warmest - coldest)) * 100;
  return Math.min(Math.max(Math.round(percent / step) * step, least), 100);
}

/** Percent while the temperature outside is not known. */
const usual = 50;
/** Percent: pipes that stand still freeze. */
const least = 20;
const step = 5;
/** Degrees Celsius from which on no heat is needed, and at which all of it is. */
const warmest = 20;
const coldest = -4;
