/**
 * A program: the durable-streams reference server on the directory given, as installed by `--setup`.
 * Prints its port, and lives as long as its input.
 */
const [modulePath = '', dataDir] = process.argv.slice(2);
const { DurableStreamTestServer } = await import(modulePath);
const server = new DurableStreamTestServer({ port: 0, host: '127.0.0.1', dataDir, compression: false });
console.log(new URL(await server.start()).port);
process.stdin.resume().on('end', async () => {
  await server.stop();
  process.exit();
});
