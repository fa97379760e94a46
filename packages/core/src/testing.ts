export { adapterContract, type ContractCase } from "./lib/testing/adapter-contract.ts";
export type { AdapterFixture, AdapterRequests } from "./lib/testing/adapter-fixture.ts";
export { Puppet, PuppetLife, type PuppetOptions } from "./lib/testing/puppet.ts";
export { type RecordedEvent, Recorder, type RecorderOptions } from "./lib/testing/recorder.ts";
