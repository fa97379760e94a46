/** Milliseconds for which somebody who moved the pointer still aims. */
const patience = 3_000;

let movedAt = 0;

/** Notes when the pointer moves. */
export function listenForAim(): void {
  const note = () => (movedAt = Date.now());
  addEventListener("pointermove", note);
  addEventListener("pointerdown", note);
}

/** Whether somebody is about to click within what `selector` names: nothing may move there now. */
export function isAiming(selector: string): boolean {
  return Date.now() - movedAt < patience && document.querySelector(`${selector}:hover`) !== null;
}
