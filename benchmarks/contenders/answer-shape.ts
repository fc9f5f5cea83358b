/** The status and the names of the headers and members of an append's answer, in order. */
export async function answerShape(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/shape`, { method: 'POST', body: '{"type":"Asked","data":""}' });
  return [`${answer.status}`, ...answer.headers.keys(), ...Object.keys((await answer.json()) as object)];
}
