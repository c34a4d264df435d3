/** A thread that works on one YAML text: the program that src/documents/yaml-thread.ts starts. */
import { parentPort, workerData } from 'node:worker_threads';
import { placesInText } from './documents/document-places.ts';
import { yamlDocuments } from './documents/yaml-document.ts';
import type { ThreadAnswer, ThreadData, YamlWork } from './documents/yaml-thread.ts';

const works = [yamlDocuments, placesInText] as YamlWork<unknown, unknown>[];

const { name, input } = workerData as ThreadData;
const work = works.find((one) => one.name === name);
if (work === undefined || parentPort === null) throw new Error(`no work of a thread: ${name}`);

const port = parentPort;
const results = work.run(input)[Symbol.iterator]();
port.on('message', () => {
  const next = results.next();
  const answer: ThreadAnswer = next.done === true ? { done: true } : { done: false, result: next.value };
  port.postMessage(answer);
});
