// Runs a command with the Node, the pnpm and the dependencies that this repository needs, and brings what is missing.
// It loads on any Node, so that one too old is told so; what it imports needs Node 20.
//
//   node scripts/run.mjs [--no-install] <command> [arguments]

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(
    "Cannot start: Node 20 or newer is needed, this is " +
      process.version +
      " (" +
      process.execPath +
      ")",
  );
  process.exit(1);
}

void import("./toolchain/main.mjs").then(({ main }) => main(process.argv.slice(2)));
