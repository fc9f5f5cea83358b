const majorMin = 26;

/** What is wrong with a version of Node.js such as `20.19.0`; nothing if it can run the store. */
export function nodeVersionProblem(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= majorMin) return undefined;
  return (
    `needs Node.js ${majorMin} or newer, and this is ${version}; ` +
    'install it, or start with "npm start", which brings its own'
  );
}
