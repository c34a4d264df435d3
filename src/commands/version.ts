import { Command } from '@oclif/core/command';
export default class Version extends Command {
  async run() {}
}
