// One LIST over TLS with nothing but Node: node bare-list.cjs SERVER CA-FILE TOKEN PATH; prints a line for each object.
'use strict';
const { readFileSync } = require('node:fs');
const https = require('node:https');

const [server, caFile, token, path] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
https.get(server + path, { ca: readFileSync(caFile), headers }, (answer) => {
  const chunks = [];
  answer.on('data', (chunk) => chunks.push(chunk));
  answer.on('end', () => {
    const { items } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const lines = items.map(({ metadata }) => `${metadata.name} ${metadata.creationTimestamp}\n`);
    process.stdout.write(`NAME CREATED\n${lines.join('')}`);
  });
});
