import { flagOf } from '../../src/cli/flag-names.ts';
import { nameOptions } from '../../src/errors/option-name.ts';

// The program names options by their flags from its start on; its tests expect the same of the parts.
nameOptions(flagOf);
