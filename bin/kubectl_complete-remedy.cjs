#!/usr/bin/env node
'use strict';
// kubectl 1.26 and later runs this for `kubectl remedy …` and Tab, with the words behind `remedy`.
process.argv.splice(2, 0, '__complete');
require('./start.cjs').start('kubectl remedy');
