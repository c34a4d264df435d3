'use strict';
// Preloaded into a program that is measured: writes what it has used to the file descriptor 3 when it exits.
const fs = require('node:fs');

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  fs.writeSync(3, JSON.stringify({ maxRssKib: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }));
});
