// The sidecar: a program of its own, which prints the temperature outside, in degrees Celsius, a line a second.
let celsius = 8;

print();
setInterval(print, 1_000);

function print() {
  celsius += (8 - celsius) * 0.02 + (Math.random() - 0.5) * 0.2;
  process.stdout.write(`${celsius.toFixed(1)}\n`);
}
