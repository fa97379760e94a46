// The sidecar: a program of its own, which prints the temperature outside, in degrees Celsius, a line a second.
const mean = 8;
const swing = 5;
/** Milliseconds of a day. */
const period = 180_000;

print();
setInterval(print, 1_000);

function print() {
  const warmth = Math.sin((2 * Math.PI * Date.now()) / period);
  const gust = (Math.random() - 0.5) * 0.2;
  process.stdout.write(`${(mean + swing * warmth + gust).toFixed(1)}\n`);
}
